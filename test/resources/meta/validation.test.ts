import { expect, test } from 'vitest';
import { isSemanticEqual } from '../../../src/api/equality.js';
import type { FieldError } from '../../../src/api/field.js';
import type { ObjectMeta } from '../../../src/api/object.js';
import { validateLabelSelector } from '../../../src/resources/meta/labels.js';
import { validateObjectMeta, validateObjectMetaUpdate } from '../../../src/resources/meta/validation.js';

const META: ObjectMeta = { name: 'a', namespace: 'default', uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
const texts = (errors: readonly FieldError[]): readonly string[] => errors.map(({ field, detail }) => `${field}: ${detail}`);
const owner = (more: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', name: 'o', uid: 'x', ...more });

test.each([
  ['nothing wrong', {}, []],
  ['no name', { name: '' }, ['metadata.name: Required value: name or generateName is required']],
  ['no namespace', { namespace: '' }, ['metadata.namespace: Required value']],
  [
    'an owner without name and uid',
    { ownerReferences: [owner({ name: '', uid: '' })] },
    ['metadata.ownerReferences.name: Invalid value: "": name must not be empty', 'metadata.ownerReferences.uid: Invalid value: "": uid must not be empty'],
  ],
  [
    'an owner without version',
    { ownerReferences: [owner({ apiVersion: '' })] },
    ['metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty'],
  ],
  [
    'a plain finalizer',
    { finalizers: ['foo'] },
    ['metadata.finalizers[0]: Invalid value: "foo": name is neither a standard finalizer name nor is it fully qualified'],
  ],
  [
    'standard finalizers that exclude each other',
    { finalizers: ['orphan', 'foregroundDeletion'] },
    ['metadata.finalizers: Invalid value: []string{"orphan", "foregroundDeletion"}: finalizer orphan and foregroundDeletion cannot be both set'],
  ],
  ['annotations in upper case', { annotations: { 'Example.com/A': 'x' } }, []],
  ['annotations without end', { annotations: { a: 'x'.repeat(262144) } }, ['metadata.annotations: Too long: may not be more than 262144 bytes']],
])('creation: %s', (_, more, expected) => {
  const errors: FieldError[] = [];
  validateObjectMeta({ ...META, ...more }, { namespaced: true }, errors);
  expect(texts(errors)).toEqual(expected);
});

test('two controllers', () => {
  const errors: FieldError[] = [];
  validateObjectMeta(
    { ...META, ownerReferences: [owner({ name: 'a', controller: true }), owner({ name: 'c', controller: true })] },
    { namespaced: true },
    errors,
  );
  expect(texts(errors)).toHaveLength(1);
  expect(texts(errors)[0]).toMatch(
    /^metadata.ownerReferences: Invalid value: \[\]v1.OwnerReference\{.*\}: Only one reference can have Controller set to true. Found "true" in references for Pod\/a and Pod\/c$/,
  );
});

test('a namespace on what has none', () => {
  const errors: FieldError[] = [];
  validateObjectMeta(META, { namespaced: false }, errors);
  expect(texts(errors)).toEqual(['metadata.namespace: Forbidden: not allowed on this type']);
});

test.each([
  ['nothing', META, {}, []],
  ['the name', META, { name: 'b' }, ['metadata.name: Invalid value: "b": field is immutable']],
  ['the uid', META, { uid: 'v' }, ['metadata.uid: Invalid value: "v": field is immutable']],
  [
    'the time',
    META,
    { creationTimestamp: '2027-01-01T00:00:00Z' },
    ['metadata.creationTimestamp: Invalid value: 2027-01-01 00:00:00 +0000 UTC: field is immutable'],
  ],
  ['no version', META, { resourceVersion: '' }, ['metadata.resourceVersion: Invalid value: "": must be specified for an update']],
  [
    'a finalizer while going',
    { ...META, deletionTimestamp: '2026-01-01T00:00:00Z' },
    { finalizers: ['a/b'] },
    ['metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}'],
  ],
])('update: %s', (_, old, more, expected) => {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate({ ...old, ...more }, old, errors);
  expect(texts(errors)).toEqual(expected);
});

test.each([
  [{ matchLabels: { a: 'b' } }, []],
  [
    { matchExpressions: [{ key: 'a', operator: 'In' }] },
    ["s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
  ],
  [
    { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
    ["s.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
  ],
  [{ matchExpressions: [{ key: 'a', operator: 'in', values: ['b'] }] }, ['s.matchExpressions[0].operator: Invalid value: "in": not a valid selector operator']],
])('label selector %#', (selector, expected) => {
  const errors: FieldError[] = [];
  validateLabelSelector(selector, 's', errors);
  expect(texts(errors)).toEqual(expected);
});

test.each([
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: [] }, {}, true],
  [{ a: null }, {}, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, true],
  [{ a: {} }, {}, false],
  [{ a: 0 }, {}, false],
])('semantic equality %#', (a, b, expected) => expect([isSemanticEqual(a, b), isSemanticEqual(b, a)]).toEqual([expected, expected]));
