/** Runs the cases of test/cases/validation-cases.json whose outcome a kind's own functions decide: `kubectl create -f` and what it says. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { StatusError } from '../../src/api/errors.js';
import type { KubeObject } from '../../src/api/object.js';
import type { AnyResource } from '../../src/api/resource.js';
import { fakeContext } from './fake-cluster.js';

interface ValidationCase {
  readonly name: string;
  readonly manifest: KubeObject;
  readonly expectedError?: string | null;
  readonly expectedErrorPrefix?: string;
  readonly existing?: KubeObject;
  readonly operation?: string;
  readonly warnings?: readonly string[];
}

const { cases } = JSON.parse(readFileSync(new URL('../cases/validation-cases.json', import.meta.url), 'utf8')) as { readonly cases: readonly ValidationCase[] };

/** `elsewhere`: cases of this kind that decoding or admission decide, tested there. */
export function runValidationCases(resource: AnyResource, elsewhere: readonly string[] = []): void {
  const own = cases.filter(({ name, manifest }) => manifest.kind === resource.names.kind && !elsewhere.includes(name));
  describe('validation cases', () => {
    test('there are some', () => expect(own).not.toEqual([]));
    test.each(own)('$name', (given) => {
      const said = outcome(resource, given);
      if (given.expectedErrorPrefix !== undefined)
        expect(`${said.error}\n`.startsWith(given.expectedErrorPrefix) ? given.expectedErrorPrefix : said.error).toBe(given.expectedErrorPrefix);
      else expect(said.error).toBe(given.expectedError ?? null);
      if (given.warnings !== undefined) expect(said.warnings).toEqual(given.warnings);
    });
  });
}

function outcome(
  resource: AnyResource,
  { manifest, existing, operation }: ValidationCase,
): { readonly error: string | null; readonly warnings: readonly string[] } {
  const { strategy } = resource;
  try {
    if (existing === undefined || operation === undefined) {
      const object = create(resource, manifest, existing === undefined ? [] : [withMeta(resource, existing)]);
      return { error: null, warnings: strategy.warnings?.(object) ?? [] };
    }
    const old = create(resource, existing, []);
    const sent = strategy.defaults({ ...manifest, metadata: { ...old.metadata, ...manifest.metadata } });
    const next = strategy.prepareForUpdate?.(sent, old, fakeContext([old])) ?? sent;
    check(resource, next, strategy.validateUpdate?.(next, old) ?? strategy.validate(next));
    strategy.allocate?.(next, old, fakeContext([old]));
    return { error: null, warnings: strategy.warnings?.(next, old) ?? [] };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { error: kubectlText(error), warnings: [] };
  }
}

const withMeta = ({ names }: AnyResource, object: KubeObject): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    ...(names.namespaced ? { namespace: 'default' } : {}),
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
});

function create(resource: AnyResource, manifest: KubeObject, others: readonly KubeObject[]): KubeObject {
  const { strategy } = resource;
  const sent = strategy.defaults(withMeta(resource, manifest));
  const object = strategy.prepareForCreate?.(sent, fakeContext(others)) ?? sent;
  check(resource, object, strategy.validate(object));
  return strategy.allocate?.(object, undefined, fakeContext(others)) ?? object;
}

function check({ names }: AnyResource, object: KubeObject, errors: readonly { readonly field: string; readonly detail: string }[]): void {
  if (errors.length === 0) return;
  throw new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'Invalid',
    code: 422,
    details: { kind: names.kind, name: object.metadata.name ?? '', causes: errors.map(({ field, detail }) => ({ field, message: detail })) },
  });
}

/** kubectl pkg/cmd/util/helpers.go for reason Invalid. */
function kubectlText({ status }: StatusError): string {
  if (status.reason !== 'Invalid') return `Error from server (${status.reason}): error when creating "f.yaml": ${status.message}`;
  const lines = [...new Set((status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`))];
  const head = `The ${status.details?.kind} "${status.details?.name}" is invalid: `;
  return lines.length === 1 ? `${head}${lines[0]}` : `${head}\n${lines.map((line) => `* ${line}`).join('\n')}`;
}
