import { expect, test } from 'vitest';
import type { FieldError } from '../../../src/api/field.js';
import { validateWebhookUrl } from '../../../src/resources/webhooks/client-config.js';

const FORM = '; desired format: https://host[/path]';

test.each([
  ['https://a.b/c', []],
  [
    'http://u:p@a?q=1#f',
    [
      `Invalid value: "http": 'https' is the only allowed URL scheme${FORM}`,
      'Invalid value: "u:p": user information',
      'Invalid value: "f"',
      'Invalid value: "q=1"',
    ],
  ],
  ['/a', ['Invalid value: ""', `Invalid value: "": host must be specified${FORM}`]],
  ['https://a:b', [`Required value: url must be a valid URL: parse "https://a:b": invalid port ":b" after host${FORM}`]],
])('%s', (url, said) => {
  const errors: FieldError[] = [];
  validateWebhookUrl(url, 'url', errors);
  expect(errors.map(({ detail }) => detail)).toEqual(said.map((text) => expect.stringContaining(text)));
});
