// Made by 'mortise bindings <contract module> --lang assemblyscript'. Edit the contract, not this file.

import { room as __room } from 'tenon/contract/_abi'

export enum UserType {
  invalid,
  primary,
  secondary,
  service,
  application,
  guest,
  federated,
  lightweight,
}

export class UserId {
  constructor(
    public idp: string = '',
    public opaqueId: string = '',
    public type: UserType = UserType.invalid,
  ) {}
}

export class OpaqueEntry {
  constructor(
    public name: string = '',
    public decoder: string = '',
    public value: Uint8Array = new Uint8Array(0),
  ) {}
}

export class User {
  constructor(
    public id: UserId = new UserId(),
    public username: string = '',
    public mail: string = '',
    public mailVerified: bool = false,
    public displayName: string = '',
    public groups: Array<string> = [],
    public opaque: Array<OpaqueEntry> = [],
    public uidNumber: u32 = 0,
    public gidNumber: u32 = 0,
  ) {}
}

// How values lie in memory: for what 'mortise build' compiles with a guest.

export function __write_OpaqueEntry(p: usize, v: OpaqueEntry): void {
  store<usize>(p, changetype<usize>(v.name))
  store<i32>(p, v.name.length, 4)
  store<usize>(p, changetype<usize>(v.decoder), 8)
  store<i32>(p, v.decoder.length, 12)
  store<usize>(p, v.value.dataStart, 16)
  store<i32>(p, v.value.length, 20)
}

export function __write_User(p: usize, v: User): void {
  __write_UserId(p, v.id)
  store<usize>(p, changetype<usize>(v.username), 20)
  store<i32>(p, v.username.length, 24)
  store<usize>(p, changetype<usize>(v.mail), 28)
  store<i32>(p, v.mail.length, 32)
  store<u8>(p, <u8>v.mailVerified, 36)
  store<usize>(p, changetype<usize>(v.displayName), 40)
  store<i32>(p, v.displayName.length, 44)
  store<usize>(p, __write_list_string(v.groups), 48)
  store<i32>(p, v.groups.length, 52)
  store<usize>(p, __write_list_OpaqueEntry(v.opaque), 56)
  store<i32>(p, v.opaque.length, 60)
  store<u32>(p, v.uidNumber, 64)
  store<u32>(p, v.gidNumber, 68)
}

export function __write_UserId(p: usize, v: UserId): void {
  store<usize>(p, changetype<usize>(v.idp))
  store<i32>(p, v.idp.length, 4)
  store<usize>(p, changetype<usize>(v.opaqueId), 8)
  store<i32>(p, v.opaqueId.length, 12)
  store<u8>(p, <u8>v.type, 16)
}

export function __write_list_OpaqueEntry(v: Array<OpaqueEntry>): usize {
  const length = v.length
  const p = __room(length, 24, 4)
  for (let i = 0, at = p; i < length; i++, at += 24) {
    const e = v[i]
    __write_OpaqueEntry(at, e)
  }
  return p
}

export function __write_list_User(v: Array<User>): usize {
  const length = v.length
  const p = __room(length, 72, 4)
  for (let i = 0, at = p; i < length; i++, at += 72) {
    const e = v[i]
    __write_User(at, e)
  }
  return p
}

export function __write_list_string(v: Array<string>): usize {
  const length = v.length
  const p = __room(length, 8, 4)
  for (let i = 0, at = p; i < length; i++, at += 8) {
    const e = v[i]
    store<usize>(at, changetype<usize>(e))
    store<i32>(at, e.length, 4)
  }
  return p
}

export function __write_option_User(p: usize, v: User | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v
    __write_User(p + 4, held)
  } else {
    store<u8>(p, 0)
  }
}

export function __write_option_list_string(p: usize, v: Array<string> | null): void {
  if (v !== null) {
    store<u8>(p, 1)
    const held = v
    store<usize>(p, __write_list_string(held), 4)
    store<i32>(p, held.length, 8)
  } else {
    store<u8>(p, 0)
  }
}
