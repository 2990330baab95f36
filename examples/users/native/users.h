// Made by 'mortise bindings <contract module> --lang c'. Edit the contract, not this file.

#ifndef USERS_H
#define USERS_H

#include <stdbool.h>
#include "mortise.h"

/* For MORTISE_PLUGIN: which contract the library was built for. */
#define USERS_CONTRACT "{\"contract\":\"users\",\"types\":{\"user-type\":{\"enum\":[\"invalid\",\"primary\",\"secondary\",\"service\",\"application\",\"guest\",\"federated\",\"lightweight\"]},\"user-id\":{\"record\":{\"idp\":\"string\",\"opaque-id\":\"string\",\"type\":\"user-type\"}},\"opaque-entry\":{\"record\":{\"name\":\"string\",\"decoder\":\"string\",\"value\":\"list<u8>\"}},\"user\":{\"record\":{\"id\":\"user-id\",\"username\":\"string\",\"mail\":\"string\",\"mail-verified\":\"bool\",\"display-name\":\"string\",\"groups\":\"list<string>\",\"opaque\":\"list<opaque-entry>\",\"uid-number\":\"u32\",\"gid-number\":\"u32\"}}},\"hooks\":{\"get-user\":{\"params\":{\"id\":\"user-id\"},\"result\":\"option<user>\"},\"get-user-by-claim\":{\"params\":{\"claim\":\"string\",\"value\":\"string\"},\"result\":\"option<user>\"},\"get-user-groups\":{\"params\":{\"id\":\"user-id\"},\"result\":\"option<list<string>>\"},\"find-users\":{\"params\":{\"query\":\"string\"},\"result\":\"list<user>\"}},\"host-functions\":{},\"values\":{}}"

typedef uint8_t users_user_type;
#define USERS_USER_TYPE_INVALID 0
#define USERS_USER_TYPE_PRIMARY 1
#define USERS_USER_TYPE_SECONDARY 2
#define USERS_USER_TYPE_SERVICE 3
#define USERS_USER_TYPE_APPLICATION 4
#define USERS_USER_TYPE_GUEST 5
#define USERS_USER_TYPE_FEDERATED 6
#define USERS_USER_TYPE_LIGHTWEIGHT 7

typedef struct {
  mortise_list idp;
  mortise_list opaque_id;
  users_user_type type;
} users_user_id;

typedef struct {
  mortise_list name;
  mortise_list decoder;
  mortise_list value; /* a list of u8 */
} users_opaque_entry;

typedef struct {
  users_user_id id;
  mortise_list username;
  mortise_list mail;
  bool mail_verified;
  mortise_list display_name;
  mortise_list groups; /* a list of string */
  mortise_list opaque; /* a list of opaque_entry */
  uint32_t uid_number;
  uint32_t gid_number;
} users_user;

typedef struct {
  bool is_some;
  users_user some;
} users_option__user;

typedef struct {
  bool is_some;
  mortise_list some; /* a list of string */
} users_option__list__string;

/* MORTISE_HOOK(get_user): the hook 'get-user' returns option__user, a users_option__user. */
typedef struct {
  users_user_id id;
} users_get_user__params;

/* MORTISE_HOOK(get_user_by_claim): the hook 'get-user-by-claim' returns option__user, a users_option__user. */
typedef struct {
  mortise_list claim;
  mortise_list value;
} users_get_user_by_claim__params;

/* MORTISE_HOOK(get_user_groups): the hook 'get-user-groups' returns option__list__string, a users_option__list__string. */
typedef struct {
  users_user_id id;
} users_get_user_groups__params;

/* MORTISE_HOOK(find_users): the hook 'find-users' returns a list of user, a mortise_list. */
typedef struct {
  mortise_list query;
} users_find_users__params;

#endif
