// Made by 'mortise bindings <contract module> --lang assemblyscript'. Edit the contract, not this file.

import {
  getUser as own_getUser,
  getUserByClaim as own_getUserByClaim,
  getUserGroups as own_getUserGroups,
  findUsers as own_findUsers
} from './index'
import {
  __write_list_User,
  __write_option_User,
  __write_option_list_string,
  UserType,
  UserId,
  User
} from './users-bindings'
import { begin as __begin, room as __room, text as __text } from 'tenon/contract/_abi'
export { cabi_realloc } from 'tenon/contract/_abi'

export function hook_getUser(f0: i32, f1: i32, f2: i32, f3: i32, f4: i32): i32 {
  __begin()
  const _a0 = new UserId(__text(<usize>f0, f1), __text(<usize>f2, f3), <UserType>f4)
  const _result: User | null = own_getUser(_a0)
  const _area = __room(1, 76, 4)
  __write_option_User(_area, _result)
  return <i32>_area
}

export function hook_getUserByClaim(f0: i32, f1: i32, f2: i32, f3: i32): i32 {
  __begin()
  const _a0 = __text(<usize>f0, f1)
  const _a1 = __text(<usize>f2, f3)
  const _result: User | null = own_getUserByClaim(_a0, _a1)
  const _area = __room(1, 76, 4)
  __write_option_User(_area, _result)
  return <i32>_area
}

export function hook_getUserGroups(f0: i32, f1: i32, f2: i32, f3: i32, f4: i32): i32 {
  __begin()
  const _a0 = new UserId(__text(<usize>f0, f1), __text(<usize>f2, f3), <UserType>f4)
  const _result: Array<string> | null = own_getUserGroups(_a0)
  const _area = __room(1, 12, 4)
  __write_option_list_string(_area, _result)
  return <i32>_area
}

export function hook_findUsers(f0: i32, f1: i32): i32 {
  __begin()
  const _a0 = __text(<usize>f0, f1)
  const _result: Array<User> = own_findUsers(_a0)
  const _area = __room(1, 8, 4)
  store<usize>(_area, __write_list_User(_result))
  store<i32>(_area, _result.length, 4)
  return <i32>_area
}
