/** What upstream's tests take out of objects and fill in (apiextensions-apiserver pkg/apiserver/schema/pruning and defaulting), by their schemas. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../../src/api/object.js';
import type { CustomSchema } from '../../../src/resources/customresourcedefinitions/custom-schema.js';
import { withDefaults } from '../../../src/resources/customresourcedefinitions/defaulting.js';
import { prune } from '../../../src/resources/customresourcedefinitions/pruning.js';

interface PruningCase {
  readonly what: 'prune' | 'default';
  readonly schema: CustomSchema;
  readonly object: JsonObject;
  readonly result: unknown;
  /** Where what was taken out had been. */
  readonly unknown?: readonly string[];
}

const cases = JSON.parse(readFileSync(new URL('pruning-cases.json', import.meta.url), 'utf8')) as readonly PruningCase[];

test.each(cases.map((one, i): [string, PruningCase] => [`${i} ${one.what} ${JSON.stringify(one.object).slice(0, 80)}`, one]))('%s', (_, one) => {
  const { what, schema, object, result, unknown } = one;
  if (what === 'default') expect(withDefaults(object, schema)).toEqual(result);
  else {
    const pruned = prune(object, schema);
    expect(pruned.object).toEqual(result);
    if (unknown !== undefined) expect(pruned.unknown).toEqual(unknown);
  }
});
