/* The guest for the runtime `native`. The users are compiled in: rows.h is made from users.json. */
#include "users.h"
#include "rows.h"

MORTISE_PLUGIN(USERS_CONTRACT)

static int equals(struct text have, mortise_list wanted) {
  return have.length == wanted.length && memcmp(have.bytes, mortise_at(wanted.offset), have.length) == 0;
}

static mortise_list copy(struct text text) { return mortise_text(text.bytes, text.length); }

static const struct row *find(const users_user_id *id) {
  for (const struct row *row = rows; row < rows + row_count; row++) {
    if (!equals(row->opaque_id, id->opaque_id) && !equals(row->username, id->opaque_id)) continue;
    if (id->idp.length == 0 || equals(row->idp, id->idp)) return row;
  }
  return NULL;
}

static void *allocate(size_t bytes) { return mortise_alloc(bytes, 4); }

/* The result, unless some text of it did not fit in the arena. */
static uint32_t give(const void *result) { return mortise_head()->refused ? 0 : mortise_offset(result); }

/* Lists first and texts behind them, so that the texts of a reply lie side by side: the host reads such texts at once. */
static void fill_groups(mortise_list list, const struct row *row) {
  mortise_list *groups = (mortise_list *)mortise_at(list.offset);
  for (uint32_t index = 0; index < list.length; index++) groups[index] = copy(row->groups[index]);
}

static mortise_list list_of(const void *elements, uint32_t length) {
  mortise_list list = {0, 0};
  if (elements != NULL) list = (mortise_list){mortise_offset(elements), length};
  return list;
}

static mortise_list make_groups(const struct row *row) {
  return list_of(allocate(row->group_count * sizeof(mortise_list)), row->group_count);
}

static void make_lists(users_user *user, const struct row *row) {
  user->groups = make_groups(row);
  user->opaque = list_of(allocate(row->entry_count * sizeof(users_opaque_entry)), row->entry_count);
}

static void fill_user(users_user *user, const struct row *row) {
  user->id.idp = copy(row->idp);
  user->id.opaque_id = copy(row->opaque_id);
  user->id.type = row->type;
  user->username = copy(row->username);
  user->mail = copy(row->mail);
  user->mail_verified = row->mail_verified;
  user->display_name = copy(row->display_name);
  fill_groups(user->groups, row);
  users_opaque_entry *entries = (users_opaque_entry *)mortise_at(user->opaque.offset);
  for (uint32_t index = 0; index < user->opaque.length; index++) {
    entries[index].name = copy(row->entries[index].name);
    entries[index].decoder = copy(row->entries[index].decoder);
    entries[index].value = copy(row->entries[index].value);
  }
  user->uid_number = row->uid_number;
  user->gid_number = row->gid_number;
}

static uint32_t give_optional_user(const struct row *row) {
  users_option__user *result = (users_option__user *)allocate(sizeof *result);
  if (result == NULL) return 0;
  result->is_some = row != NULL;
  if (row != NULL) {
    make_lists(&result->some, row);
    fill_user(&result->some, row);
  }
  return give(result);
}

MORTISE_HOOK(get_user) { return give_optional_user(find(&MORTISE_ARGUMENTS_AS(users_get_user__params)->id)); }

MORTISE_HOOK(get_user_groups) {
  const struct row *row = find(&MORTISE_ARGUMENTS_AS(users_get_user_groups__params)->id);
  users_option__list__string *result = (users_option__list__string *)allocate(sizeof *result);
  if (result == NULL) return 0;
  result->is_some = row != NULL;
  if (row != NULL) {
    result->some = make_groups(row);
    fill_groups(result->some, row);
  }
  return give(result);
}

static int is(const char *name, mortise_list text) {
  return strlen(name) == text.length && memcmp(name, mortise_at(text.offset), text.length) == 0;
}

static int has_uid(const struct row *row, mortise_list value) {
  for (const struct entry *entry = row->entries; entry < row->entries + row->entry_count; entry++)
    if (!strcmp(entry->name.bytes, "uid") && !strcmp(entry->decoder.bytes, "plain")) return equals(entry->value, value);
  return 0;
}

MORTISE_HOOK(get_user_by_claim) {
  const users_get_user_by_claim__params *wanted = MORTISE_ARGUMENTS_AS(users_get_user_by_claim__params);
  const int mail = is("mail", wanted->claim), username = is("username", wanted->claim), uid = is("uid", wanted->claim);
  for (const struct row *row = rows; row < rows + row_count; row++) {
    if ((mail && equals(row->mail, wanted->value)) || (username && equals(row->username, wanted->value)) ||
        (uid && has_uid(row, wanted->value)))
      return give_optional_user(row);
  }
  return give_optional_user(NULL);
}

static uint8_t small(uint8_t letter) { return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter; }

/* Letters of ASCII count the same in either case. The query comes in lower case. */
static int contains(struct text text, const uint8_t *query, uint32_t length) {
  for (uint32_t at = 0; at + length <= text.length; at++) {
    uint32_t same = 0;
    while (same < length && small((uint8_t)text.bytes[at + same]) == query[same]) same++;
    if (same == length) return 1;
  }
  return 0;
}

MORTISE_HOOK(find_users) {
  const mortise_list *query = &MORTISE_ARGUMENTS_AS(users_find_users__params)->query;
  uint8_t *lower = (uint8_t *)mortise_alloc(query->length, 1);
  const struct row **found = (const struct row **)mortise_alloc(row_count * sizeof *found, 8);
  mortise_list *result = (mortise_list *)allocate(sizeof *result);
  if (lower == NULL || found == NULL || result == NULL) return 0;
  for (uint32_t at = 0; at < query->length; at++) lower[at] = small(((const uint8_t *)mortise_at(query->offset))[at]);
  result->length = 0;
  for (const struct row *row = rows; row < rows + row_count; row++) {
    if (contains(row->username, lower, query->length) || contains(row->display_name, lower, query->length) ||
        contains(row->mail, lower, query->length) || contains(row->opaque_id, lower, query->length))
      found[result->length++] = row;
  }
  users_user *users = (users_user *)allocate(result->length * sizeof *users);
  if (users == NULL) return 0;
  for (uint32_t index = 0; index < result->length; index++) make_lists(users + index, found[index]);
  for (uint32_t index = 0; index < result->length; index++) fill_user(users + index, found[index]);
  result->offset = mortise_offset(users);
  return give(result);
}
