/** What naming makes of definitions; the first case is the recording of a real control plane. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { acceptNames } from '../../../src/resources/customresourcedefinitions/names.js';
import { strategy } from '../../../src/resources/customresourcedefinitions/strategy.js';
import type { CustomResourceDefinition } from '../../../src/resources/customresourcedefinitions/types.js';
import { parseYaml } from '../../../src/text/yaml.js';
import { fakeContext } from '../fake-cluster.js';

const created = (crd: CustomResourceDefinition): CustomResourceDefinition => strategy.prepareForCreate?.(strategy.defaults(crd), fakeContext([])) ?? crd;
function read(name: string): CustomResourceDefinition {
  const parsed = parseYaml(readFileSync(new URL(`../../golden/defaulting/crd.${name}.yaml`, import.meta.url), 'utf8'));
  return ('value' in parsed ? parsed.value : undefined) as CustomResourceDefinition;
}

const widget = (plural: string, names: object, accepted?: object): CustomResourceDefinition => {
  const crd = created({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural, kind: 'Widget', ...names }, versions: [{ name: 'v1', served: true, storage: true }] },
  } as unknown as CustomResourceDefinition);
  return accepted === undefined ? crd : { ...crd, status: { ...crd.status, acceptedNames: { plural, kind: 'Widget', ...accepted } } };
};

test('names of the first definition are accepted, as recorded', () => {
  const crd = created(read('in'));
  const expected = read('out');
  expect(crd.spec).toEqual(expected.spec);
  expect(acceptNames(crd, [], '<time>')).toEqual(expected.status);
});

test('a kind in use is refused, what is free is still taken', () => {
  const holder = widget('widgets', {}, { singular: 'widget', listKind: 'WidgetList' });
  const status = acceptNames(widget('gadgets', { shortNames: ['gd'], singular: 'gadget' }), [holder], 'now');
  expect(status.acceptedNames).toEqual({ plural: 'gadgets', singular: 'gadget', shortNames: ['gd'], kind: '' });
  expect(status.conditions).toEqual([
    { type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict', message: '"WidgetList" is already in use', lastTransitionTime: 'now' },
    { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted', lastTransitionTime: 'now' },
  ]);
});

test('an accepted definition keeps its names and times', () => {
  const first = created(read('in'));
  const accepted = { ...first, status: acceptNames(first, [], 'then') };
  expect(acceptNames(accepted, [], 'later')).toEqual(accepted.status);
});
