/** What json.Unmarshal says (encoding/json scanner.go). */
import { expect, test } from 'vitest';
import { goJsonSyntaxError } from '../../src/text/go-json.js';

test.each([
  ['{}', undefined],
  [' [1, -2.5e3, "a\\u00e9\\n", true, null, {"a": {}}] ', undefined],
  ['', 'unexpected end of JSON input'],
  ['{', 'unexpected end of JSON input'],
  ['{"a"', 'unexpected end of JSON input'],
  ['"abc', 'unexpected end of JSON input'],
  ['x', "invalid character 'x' looking for beginning of value"],
  ['nope', "invalid character 'o' in literal null (expecting 'u')"],
  ['truE', "invalid character 'E' in literal true (expecting 'e')"],
  ['{a: 1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair"],
  ['{"a": 1,}', "invalid character '}' looking for beginning of object key string"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\q"', "invalid character 'q' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['-', 'unexpected end of JSON input'],
  ['-x', "invalid character 'x' in numeric literal"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['1ex', "invalid character 'x' in exponent of numeric literal"],
  ['01', "invalid character '1' after top-level value"],
  ["'", "invalid character '\\'' looking for beginning of value"],
])('%s', (text, expected) => {
  expect(goJsonSyntaxError(text)).toBe(expected);
});
