/**
 * What upstream's own tests of validation are about, as it goes through a kind's functions: the objects of those tests, and what the
 * strategies of Kubernetes 1.33 answered to them (decoded, defaulted, prepared, judged). All causes in their order, and the warnings.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { invalidObject, StatusError } from '../../src/api/errors.js';
import type { FieldError } from '../../src/api/field.js';
import type { KubeObject } from '../../src/api/object.js';
import type { AnyResource, Schemas } from '../../src/api/resource.js';
import { decodeAs } from '../../src/apiserver/decode.js';
import { keepSystemFields } from '../../src/apiserver/registry/update.js';
import { resources } from '../../src/resources/index.js';
import { loadSchemas } from '../apiserver/harness.js';
import { fakeContext } from './fake-cluster.js';

interface UpstreamCase {
  /** The test it is from. */
  readonly source: string;
  /** `create`, `update`, `status`, or a subresource. */
  readonly op: string;
  readonly object: KubeObject;
  readonly old?: KubeObject;
  /** `FieldValueInvalid spec.x: Invalid value: …`; none: it is accepted. */
  readonly causes?: readonly string[];
  readonly warnings?: readonly string[];
}

const folder = new URL('upstream/', import.meta.url);
const byKind = new Map(resources.map((resource) => [`${resource.names.group}/${resource.names.version} ${resource.names.kind}`, resource]));
const kindOf = ({ apiVersion, kind }: KubeObject): AnyResource => byKind.get(`${apiVersion.includes('/') ? '' : '/'}${apiVersion} ${kind}`) as AnyResource;
const NOW = '2026-01-01T00:00:00Z';

interface Said {
  readonly causes: readonly string[];
  readonly warnings: readonly string[];
}

function judge(schemas: Schemas, one: UpstreamCase): Said {
  const resource = kindOf(one.object);
  const { strategy, names } = resource;
  const warnings: string[] = [];
  const read = (object: KubeObject): KubeObject => {
    const { value, error } = decodeAs(schemas, resource, object);
    if (error !== undefined) throw new Error(error);
    return strategy.defaults(value as unknown as KubeObject);
  };
  const check = (object: KubeObject, errors: readonly FieldError[]): void => {
    if (errors.length > 0) throw invalidObject(names.group, names.kind, object.metadata.name ?? '', errors);
  };
  const withMeta = (object: KubeObject, more: object): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, uid: 'u', creationTimestamp: NOW, ...more },
  });
  // Of Services no address is allocated: those of the cases are of no range of ours.
  const isService = names.kind === 'Service';
  try {
    if (one.old === undefined) {
      const { deletionTimestamp: _, deletionGracePeriodSeconds: __, generation: ___, ...metadata } = one.object.metadata;
      let object = withMeta(read({ ...one.object, metadata }), strategy.hasGeneration ? { generation: 1 } : {});
      if (!isService) object = strategy.prepareForCreate?.(object, fakeContext([], Date.parse(NOW))) ?? object;
      warnings.push(...(strategy.earlyWarnings?.(object) ?? []));
      check(object, strategy.validate(object));
      warnings.push(...(strategy.warnings?.(object) ?? []));
      return { causes: [], warnings };
    }
    const version = { resourceVersion: '1' };
    const old = read(withMeta(one.old, version));
    const sent = read(withMeta(one.object, version));
    const context = fakeContext([old], Date.parse(NOW));
    if (one.op === 'update') {
      const kept = keepSystemFields(old, sent, strategy.hasStatus);
      const object = isService ? { ...kept, status: (old as { status?: unknown }).status } : (strategy.prepareForUpdate?.(kept, old, context) ?? kept);
      check(object, strategy.validateUpdate?.(object, old) ?? strategy.validate(object));
      warnings.push(...(strategy.warnings?.(object, old) ?? []));
    } else if (one.op === 'status') {
      const kept = keepSystemFields(old, sent, false);
      const object =
        strategy.prepareForStatusUpdate?.(kept, old, context) ??
        ({ ...old, metadata: kept.metadata, status: (sent as { status?: unknown }).status } as KubeObject);
      check(object, strategy.validateStatusUpdate?.(object, old) ?? []);
      warnings.push(...(strategy.statusWarnings?.(object) ?? []));
    } else {
      const key = { namespace: old.metadata.namespace ?? '', name: old.metadata.name ?? '' };
      resource.subresources?.[one.op]?.update?.(old, sent, { ...context, key, options: { warn: (text: string) => warnings.push(text) } });
    }
    return { causes: [], warnings };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { causes: (error.status.details?.causes ?? []).map(({ reason, field, message }) => `${reason} ${field}: ${message}`), warnings };
  }
}

const schemas = await loadSchemas();
for (const file of readdirSync(folder).sort()) {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly UpstreamCase[];
  describe(file.replace('.json', ''), () => {
    const counted = cases.map((one, i): [string, UpstreamCase] => [`${i} ${one.object.kind} ${one.op} (${one.source})`, one]);
    test.each(counted)('%s', (_, one) => {
      expect(judge(schemas, one)).toEqual({ causes: one.causes ?? [], warnings: one.warnings ?? [] });
    });
  });
}
