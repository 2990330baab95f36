import { echo, greeter, hi } from '../fixtures/scripts.ts'
import { zip } from '../fixtures/zip.ts'
import {
  type Answer,
  init,
  Other,
  raw,
  ready,
  refused,
  refusedSomehow,
  type Row,
  sentinel,
  starts,
  step,
  onlyOnce,
  noCode,
  exitedAtStart,
} from '../row.ts'

const bad = (sentence: string) => refused(400, `Error unmarshaling request: ${sentence}`)

/** A body of `/init`, and its refusal. */
const refuses = (id: string, text: string, answer: Answer): Row => ({
  id,
  about: `/init of ${text.trim() === '' ? 'an empty body' : text}`,
  steps: [step(raw('/init', text), answer)],
})

const again = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d )?Cannot initialize the action more than once\.$/

/** What `/init` answers, in the order of its checks. */
export const initRows: readonly Row[] = [
  {
    id: 'I1',
    about: 'a second /init is refused, before its body is read',
    steps: [starts(greeter), step(init(greeter), onlyOnce), step(raw('/init', 'XXX'), onlyOnce)],
    stderr: [again, again],
  },
  refuses('I3', '', bad('unexpected end of JSON input')),
  refuses('I3b', '{"value":', bad('unexpected end of JSON input')),
  refuses('I3c', '  \n ', bad('unexpected end of JSON input')),
  refuses('I4', 'XXX', bad("invalid character 'X' looking for beginning of value")),
  refuses('I4b', '{"value":{}} x', bad("invalid character 'x' after top-level value")),
  refuses('I4c', '{"value":{"code":"a" "main":"b"}}', bad(`invalid character '"' after object key:value pair`)),
  refuses('I4d', '{"value":{"code":tru3}}', bad("invalid character '3' in literal true (expecting 'e')")),
  refuses('I4e', '{"value":[1 2]}', bad("invalid character '2' after array element")),
  refuses('I4f', '{"value" 1}', bad("invalid character '1' after object key")),
  refuses('I4g', '{"value":"\u0001"}', bad(String.raw`invalid character '\x01' in string literal`)),
  refuses('I4h', String.raw`{"value":"\q"}`, bad(`invalid character 'q' in string escape code`)),
  refuses(
    'I4i',
    String.raw`{"value":"\u12g4"}`,
    bad(String.raw`invalid character 'g' in \u hexadecimal character escape`),
  ),
  refuses('I4j', '{"value":-x}', bad("invalid character 'x' in numeric literal")),
  refuses('I4k', '{"value":1.x}', bad("invalid character 'x' after decimal point in numeric literal")),
  refuses('I4l', '{"value":1ex}', bad("invalid character 'x' in exponent of numeric literal")),
  refuses('I4m', '{"value":01}', bad("invalid character '1' after object key:value pair")),
  refuses('I4n', '{"value":{},}', bad("invalid character '}' looking for beginning of object key string")),
  refuses('I4o', "'", bad(String.raw`invalid character '\'' looking for beginning of value`)),
  refuses('I4p', '❄', bad("invalid character 'â' looking for beginning of value")),
  refuses('I4q', '\u{feff}{}', bad("invalid character 'ï' looking for beginning of value")),
  refuses('I5', '{value:1}', bad("invalid character 'v' looking for beginning of object key string")),
  refuses('I6', '[]', bad('json: cannot unmarshal array into Go value of type openwhisk.initRequest')),
  refuses('I6b', '"x"', bad('json: cannot unmarshal string into Go value of type openwhisk.initRequest')),
  refuses(
    'I6c',
    '{"value":1}',
    bad('json: cannot unmarshal number into Go struct field initRequest.value of type openwhisk.initBodyRequest'),
  ),
  refuses(
    'I6d',
    '{"value":{"code":1}}',
    bad('json: cannot unmarshal number into Go struct field initBodyRequest.value.code of type string'),
  ),
  refuses(
    'I6e',
    '{"value":{"code":"a","binary":"x"}}',
    bad('json: cannot unmarshal string into Go struct field initBodyRequest.value.binary of type bool'),
  ),
  refuses(
    'I6f',
    '{"value":{"code":"a","env":"x"}}',
    bad('json: cannot unmarshal string into Go struct field initBodyRequest.value.env of type map[string]interface {}'),
  ),
  refuses(
    'I6g',
    '{"value":{"code":"a","main":true}}',
    bad('json: cannot unmarshal bool into Go struct field initBodyRequest.value.main of type string'),
  ),
  refuses(
    'I6h',
    '{"value":{"code":{}}}',
    bad('json: cannot unmarshal object into Go struct field initBodyRequest.value.code of type string'),
  ),
  refuses(
    'I6i',
    '{"value":{"code":1,"binary":"x"}}',
    bad('json: cannot unmarshal number into Go struct field initBodyRequest.value.code of type string'),
  ),
  refuses('I7', '{}', noCode),
  refuses('I7b', 'null', noCode),
  refuses('I7c', '{"value":{}}', noCode),
  refuses('I7d', '{"value":null}', noCode),
  refuses('I7e', '{"value":{"code":null,"main":"main"}}', noCode),
  refuses('I7f', '{"value":{"code":"","main":"main"}}', noCode),
  refuses('I7g', '{"something":"else"}', noCode),
  refuses(
    'I8',
    '{"value":{"code":"!!!!","binary":true}}',
    refused(400, 'cannot decode the request: illegal base64 data at input byte 0'),
  ),
  refuses(
    'I8b',
    '{"value":{"code":"MQo","binary":true}}',
    refused(400, 'cannot decode the request: illegal base64 data at input byte 0'),
  ),
  refuses(
    'I8c',
    '{"value":{"code":"MQ=o","binary":true}}',
    refused(400, 'cannot decode the request: illegal base64 data at input byte 2'),
  ),
  refuses(
    'I8d',
    '{"value":{"code":"MQo=MQo=","binary":true}}',
    refused(400, 'cannot decode the request: illegal base64 data at input byte 4'),
  ),
  refuses(
    'I8e',
    '{"value":{"code":"M-_=","binary":true}}',
    refused(400, 'cannot decode the request: illegal base64 data at input byte 1'),
  ),
  {
    id: 'I8f',
    about: 'line ends in base64 are no fault',
    steps: [
      step(
        raw(
          '/init',
          JSON.stringify({
            value: {
              code: Buffer.from(greeter)
                .toString('base64')
                .replaceAll(/(.{20})/g, '$1\r\n'),
              binary: true,
            },
          }),
        ),
        ready,
      ),
    ],
  },
  refuses('I9', '{"value":{"code":"\\n","binary":true}}', refused(502, 'no file')),
  {
    id: 'I9b',
    about: 'what cannot be unpacked, with OW_LOG_INIT_ERROR: the reason is in the log alone',
    settings: { OW_LOG_INIT_ERROR: '1' },
    steps: [
      step(
        raw('/init', '{"value":{"code":"\\n","binary":true}}'),
        refused(502, 'The action failed to generate or locate a binary. See logs for details.'),
      ),
    ],
    stdout: [sentinel],
    stderr: ['no file', sentinel],
  },
  {
    id: 'I10',
    race: true,
    about: 'a program that ends at once',
    steps: [step(init(hi), exitedAtStart)],
    stdout: [/^hi /],
  },
  {
    id: 'I10b',
    race: true,
    about: 'a program that ends at once, with OW_LOG_INIT_ERROR',
    settings: { OW_LOG_INIT_ERROR: '1' },
    steps: [step(init(hi), refused(502, 'Cannot start action. Check logs for details.'))],
    stdout: [/^hi /, sentinel],
    stderr: ['command exited', sentinel],
  },
  {
    id: 'I10c',
    about: 'text that is no program, and no compiler',
    steps: [step(init('no program'), new Other(exitedAtStart, refusedSomehow(502)))],
    because:
      'Text that is no program is JavaScript or TypeScript, and refused in words of its compiler where it is not.',
  },
  {
    id: 'I10d',
    about: 'an archive without `exec`',
    steps: [step(init(zip([{ name: 'readme', data: 'nothing' }])), new Other(exitedAtStart, refusedSomehow(502)))],
    because: 'An archive that holds nothing to run is refused in words that say so.',
  },
  { id: 'I11', about: 'a program that starts', steps: [starts(echo)] },
  {
    id: 'I12',
    about: 'the method and the type of the content do not matter',
    steps: [
      step({ ...init(greeter), method: 'PUT', type: 'text/plain' }, ready),
      step(
        { path: '/run', body: '{"value":{"name":"Mike"}}', method: 'PUT', type: 'text/plain' },
        { status: 200, body: '{"hello": "Mike"}\n' },
      ),
    ],
    stdout: ['msg=hello Mike', sentinel],
    stderr: [sentinel],
  },
  {
    id: 'I13',
    about: 'fields that are not known, and null for those that are, do not matter',
    steps: [
      step(
        raw(
          '/init',
          JSON.stringify({
            more: [1],
            value: {
              name: 7,
              code: Buffer.from(greeter).toString('base64'),
              binary: true,
              main: null,
              env: null,
              other: {},
            },
          }),
        ),
        ready,
      ),
    ],
  },
]
