/** What kube-openapi's validator, as the API server of 1.33 asks it, says of objects and schemas that were drawn at random. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CustomSchema } from '../../../src/resources/customresourcedefinitions/custom-schema.js';
import { validateBySchema } from '../../../src/resources/customresourcedefinitions/schema-validation.js';
import { stringFormat } from '../../../src/resources/customresourcedefinitions/string-formats.js';

interface SchemaCase {
  readonly schema: CustomSchema;
  readonly object: unknown;
  /** Sorted: upstream walks its maps in no order. */
  readonly errors: readonly string[];
}

const cases = JSON.parse(readFileSync(new URL('schema-cases.json', import.meta.url), 'utf8')) as readonly SchemaCase[];

test.each(cases.map((one, i): [string, SchemaCase] => [`${i} ${JSON.stringify(one.object)}`, one]))('%s', (_, { schema, object, errors }) => {
  const said = validateBySchema(object, schema).map(({ type, field, detail }) => `${type} ${field}: ${detail}`);
  expect(said.sort()).toEqual(errors);
});

test('what is long is soon found to be no address', () => {
  expect(stringFormat('email')?.(`${'a'.repeat(50_000)}!`)).toBe(false);
  expect(stringFormat('email')?.('A. B <a.b@example.com>')).toBe(true);
});
