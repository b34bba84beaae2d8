/** Go's decoder in its own words: sigs.k8s.io/json, apimachinery's converter (apiserver.md §3). */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Schemas } from '../../src/api/resource.js';
import { type JsonText, parseJson } from '../../src/apiserver/decode/json-text.js';
import { decodeObject } from '../../src/apiserver/decode.js';
import { loadSchemas } from './harness.js';

let schemas: Schemas;
beforeAll(async () => {
  schemas = await loadSchemas();
});

const pod = (container: object, spec: object = {}) => ({ spec: { containers: [{ name: 'c', ...container }], ...spec } });

const errors: readonly { name: string; schema: string; in: unknown; error: string }[] = [
  {
    name: 'a string for a list',
    schema: 'V1Pod',
    in: pod({ command: 'ls' }),
    error: 'json: cannot unmarshal string into Go struct field Container.spec.containers.command of type []string',
  },
  {
    name: 'a number for a string',
    schema: 'V1Pod',
    in: pod({ env: [{ name: 'A', value: 1 }] }),
    error: 'json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
  },
  {
    name: 'a map for a list',
    schema: 'V1Pod',
    in: { spec: { containers: { a: 1 } } },
    error: 'json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  },
  {
    name: 'a string for a struct',
    schema: 'V1Pod',
    in: { spec: 'x' },
    error: 'json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec',
  },
  {
    name: 'a list item that is no struct',
    schema: 'V1Pod',
    in: { spec: { containers: ['x'] } },
    error: 'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
  },
  {
    name: 'a port as text',
    schema: 'V1Pod',
    in: pod({ ports: [{ containerPort: '80' }] }),
    error: 'json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
  },
  {
    name: 'a fraction',
    schema: 'V1Deployment',
    in: { spec: { replicas: 1.5 } },
    error: 'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
  },
  {
    name: 'too large for int32',
    schema: 'V1Deployment',
    in: { spec: { replicas: 3000000000 } },
    error: 'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
  },
  {
    name: 'replicas as text',
    schema: 'V1Deployment',
    in: { spec: { replicas: '3' } },
    error: 'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
  },
  {
    name: 'a value of a map',
    schema: 'V1ConfigMap',
    in: { data: { a: true } },
    error: 'json: cannot unmarshal bool into Go struct field ConfigMap.data of type string',
  },
  {
    name: 'a label',
    schema: 'V1Pod',
    in: { metadata: { labels: { a: 1 } } },
    error: 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  },
  {
    name: 'a named type',
    schema: 'V1Pod',
    in: { spec: { restartPolicy: 1 } },
    error: 'json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
  },
  {
    name: 'a quantity of no form',
    schema: 'V1Pod',
    in: pod({ resources: { limits: { cpu: 'x' } } }),
    error: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  },
  {
    name: 'a resource list',
    schema: 'V1Pod',
    in: pod({ resources: { limits: 'x' } }),
    error: 'json: cannot unmarshal string into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList',
  },
  {
    name: 'an int or string',
    schema: 'V1Service',
    in: { spec: { ports: [{ targetPort: true }] } },
    error: 'json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32',
  },
  { name: 'base64', schema: 'V1Secret', in: { data: { a: 'abc$' } }, error: 'illegal base64 data at input byte 3' },
  { name: 'base64 cut short', schema: 'V1Secret', in: { data: { a: 'abcde' } }, error: 'illegal base64 data at input byte 4' },
  {
    name: 'a time',
    schema: 'V1Pod',
    in: { metadata: { creationTimestamp: 'x' } },
    error: 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
  },
  {
    name: 'the first mismatch counts',
    schema: 'V1Pod',
    in: { metadata: { name: 1 }, spec: 'x' },
    error: 'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
  },
  {
    name: 'a value that reads itself ends it',
    schema: 'V1Pod',
    in: { metadata: { name: 1 }, spec: { containers: [{ resources: { limits: { cpu: '1MM' } } }] } },
    error: "unable to parse quantity's suffix",
  },
  { name: 'no object at all', schema: 'V1Pod', in: ['x'], error: 'json: cannot unmarshal array into Go value of type v1.Pod' },
];

describe('type errors', () => {
  for (const { name, schema, in: value, error } of errors)
    test(name, () => {
      expect(decodeObject(schemas, schema, value, { sorted: true }).error).toBe(error);
    });
});

const converted: readonly { name: string; schema: string; in: unknown; error: string }[] = [
  { name: 'a scalar', schema: 'V1Deployment', in: { spec: { replicas: 'x' } }, error: 'unrecognized type: int32' },
  { name: 'a list', schema: 'V1Pod', in: { spec: { containers: 'x' } }, error: 'cannot restore slice from string' },
  { name: 'a struct', schema: 'V1Pod', in: { spec: 'x' }, error: 'cannot restore struct from: string' },
  { name: 'a map', schema: 'V1Pod', in: { metadata: { labels: 'x' } }, error: 'cannot restore map from string' },
];

describe('type errors of strategic patches', () => {
  for (const { name, schema, in: value, error } of converted)
    test(name, () => {
      expect(decodeObject(schemas, schema, value, { converter: true }).error).toBe(error);
    });
});

test('unknown fields, in order, with indexes', () => {
  const { strict, value } = decodeObject(
    schemas,
    'V1Pod',
    { spec: { foo: 1, containers: [{ name: 'a' }, { imagee: 'x', name: 'b' }] }, bar: 1 },
    { sorted: true },
  );
  expect(strict).toEqual(['unknown field "bar"', 'unknown field "spec.containers[1].imagee"', 'unknown field "spec.foo"']);
  expect(value).toMatchObject({ spec: { containers: [{ name: 'a' }, { name: 'b' }] } });
  expect(JSON.stringify(value)).not.toContain('imagee');
});

test('what is not written is left out, what is no pointer is there', () => {
  const { value } = decodeObject(schemas, 'V1Deployment', {
    metadata: { name: 'd', labels: {}, generateName: '' },
    spec: {
      replicas: 0,
      paused: false,
      minReadySeconds: 0,
      template: {
        spec: {
          hostNetwork: false,
          nodeName: null,
          automountServiceAccountToken: false,
          volumes: [],
          containers: [{ name: 'c', args: [], securityContext: {} }],
        },
      },
    },
  });
  expect(structuredClone(value)).toEqual({
    metadata: { name: 'd', creationTimestamp: null },
    spec: {
      replicas: 0,
      strategy: {},
      template: {
        metadata: { creationTimestamp: null },
        spec: { automountServiceAccountToken: false, containers: [{ name: 'c', resources: {}, securityContext: {} }] },
      },
    },
    status: {},
  });
});

test('quantities and times take their canonical form', () => {
  const { value } = decodeObject(schemas, 'V1Pod', {
    metadata: { creationTimestamp: '2026-01-01T09:00:00.5+09:00' },
    spec: { containers: [{ name: 'c', resources: { limits: { cpu: 0.5, memory: '1024Mi', 'x.y/z': 2 } } }] },
  });
  expect(value).toMatchObject({
    metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { containers: [{ resources: { limits: { cpu: '500m', memory: '1Gi', 'x.y/z': '2' } } }] },
  });
});

const texts: readonly (readonly [string, string])[] = [
  ['', 'unexpected end of JSON input'],
  ['{"a":1', 'unexpected end of JSON input'],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['tru', 'unexpected end of JSON input'],
  ['trux', "invalid character 'x' in literal true (expecting 'e')"],
  ['"a\\q"', "invalid character 'q' in string escape code"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['-x', "invalid character 'x' in numeric literal"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
];

describe('JSON syntax errors', () => {
  for (const [text, error] of texts)
    test(JSON.stringify(text), () => {
      expect(parseJson(text)).toEqual({ error });
    });
});

test('nested deeper than any object: refused, however it goes on', () => {
  expect(parseJson('['.repeat(5000))).toEqual({ error: 'exceeded max depth' });
  expect(parseJson('['.repeat(5000) + ']'.repeat(5000))).toEqual({ error: 'exceeded max depth' });
  expect(parseJson('['.repeat(900) + ']'.repeat(900))).toHaveProperty('value');
});

test('duplicate fields', () => {
  expect((parseJson('{"a":{"x":1,"x":2},"b":[{"y":1,"y":2}],"a":1}') as JsonText).duplicates).toEqual([
    'duplicate field "a.x"',
    'duplicate field "b[0].y"',
    'duplicate field "a"',
  ]);
});
