#include "mortise.h"

MORTISE_PLUGIN("")

MORTISE_C MORTISE_EXPORTED int32_t seven(void);
int32_t seven(void) { return 7; }

MORTISE_C MORTISE_EXPORTED int32_t add(int32_t a, int32_t b);
int32_t add(int32_t a, int32_t b) { return a + b; }

MORTISE_C MORTISE_EXPORTED uint32_t measure(const char *text);
uint32_t measure(const char *text) { return (uint32_t)strlen(text); }

MORTISE_C MORTISE_EXPORTED const char *name(void);
const char *name(void) { return "a text of forty characters, all in ASCII"; }

struct user_id {
  mortise_list idp, opaque_id;
  uint8_t type;
};
struct entry {
  mortise_list key, value;
};
struct user {
  struct user_id id;
  mortise_list name, mail, display_name, tenant;
  mortise_list groups;
  mortise_list entries;
  uint32_t number;
  uint8_t verified;
};
struct option_user {
  uint8_t present;
  struct user user;
};

static mortise_list text(const char *value) { return mortise_text(value, strlen(value)); }

/* Gives the two texts of its arguments back in a user of 11 texts and 2 lists of bytes. */
MORTISE_HOOK(get_user) {
  const struct user_id *id = MORTISE_ARGUMENTS_AS(struct user_id);
  struct option_user *result = (struct option_user *)mortise_alloc(sizeof *result, 4);
  struct entry *entries = (struct entry *)mortise_alloc(2 * sizeof *entries, 4);
  mortise_list *groups = (mortise_list *)mortise_alloc(3 * sizeof *groups, 4);
  if (result == NULL || entries == NULL || groups == NULL) return 0;
  struct user *user = &result->user;
  result->present = 1;
  user->id.type = id->type;
  user->verified = 1;
  user->number = 1000;
  user->id.idp = mortise_text((const char *)mortise_at(id->idp.offset), id->idp.length);
  user->id.opaque_id = mortise_text((const char *)mortise_at(id->opaque_id.offset), id->opaque_id.length);
  user->name = text("einstein-of-princeton");
  user->mail = text("albert.einstein@example.org");
  user->display_name = text("Albert Einstein, Princeton");
  user->tenant = text("the institute for advanced study");
  groups[0] = text("sailing-lovers");
  groups[1] = text("violin-haters");
  groups[2] = text("physics-lovers");
  entries[0].key = text("quota");
  entries[1].key = text("color");
  entries[0].value = mortise_text("plain bytes 1234", 16);
  entries[1].value = mortise_text("blue", 4);
  user->groups.offset = mortise_offset(groups);
  user->groups.length = 3;
  user->entries.offset = mortise_offset(entries);
  user->entries.length = 2;
  return mortise_offset(result);
}
