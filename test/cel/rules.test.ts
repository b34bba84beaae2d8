/** x-kubernetes-validations of upstream's own tests (apiextensions-apiserver pkg/apiserver/schema/cel), and what Kubernetes 1.33 found by them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { CustomSchema } from '../../src/resources/customresourcedefinitions/custom-schema.js';
import { rulesOf, validateByRules } from '../../src/resources/customresourcedefinitions/rules.js';

interface RuleCase {
  readonly source: string;
  readonly schema: CustomSchema;
  readonly object: KubeObject;
  readonly old?: KubeObject;
  readonly errors?: readonly string[];
}

const cases = JSON.parse(readFileSync(new URL('rules.json', import.meta.url), 'utf8')) as readonly RuleCase[];
const named = cases.map((one, i): [string, RuleCase] => [`${i} ${JSON.stringify(one.schema['x-kubernetes-validations'] ?? one.source).slice(0, 120)}`, one]);

test.each(named)('%s', (_, { schema, object, old, errors }) => {
  const rules = rulesOf(schema);
  const found = rules === undefined ? [] : validateByRules(object, old, rules);
  expect(found.map(({ type, field, detail }) => `${type} ${field}: ${detail}`).sort()).toEqual([...(errors ?? [])].sort());
});
