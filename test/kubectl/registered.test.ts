/** Every built-in kind is one of kubectl's own types; custom resources are not. */
import { expect, test } from 'vitest';
import { apiVersionOf } from '../../src/api/resource.js';
import { requireRegistered } from '../../src/kubectl/patch-schema.js';
import { views } from '../../src/resources/views.js';

const unregistered = (apiVersion: string, kind: string): boolean => {
  try {
    requireRegistered({ apiVersion, kind, metadata: {} });
    return false;
  } catch {
    return true;
  }
};

test('built-in kinds', () => {
  const missing = views.filter(({ names }) => unregistered(apiVersionOf(names), names.kind)).map(({ names }) => `${names.group}/${names.kind}`);
  // The types of other programs, which kubectl was not built with.
  expect(missing).toEqual(['apiregistration.k8s.io/APIService', 'apiextensions.k8s.io/CustomResourceDefinition']);
});
test('custom ones', () => expect(unregistered('stable.example.com/v1', 'CronTab')).toBe(true));
