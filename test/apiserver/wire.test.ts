import { expect, test } from 'vitest';
import { Wire } from '../../src/apiserver/wire.js';
import { readStructs } from '../../src/cluster/assets.js';

const wire = new Wire(readStructs);
const asked = (path: string, headers: Readonly<Record<string, string>> = {}) => ({ path, headers });
const line = (value: unknown) => wire.text(value, asked('/x'));

interface Case {
  readonly name: string;
  readonly value: unknown;
  readonly text: string;
}

const cases: readonly Case[] = [
  {
    name: 'fields as they are declared, maps sorted, empty ones closed',
    value: {
      apiVersion: 'v1',
      kind: 'Pod',
      status: { phase: 'Pending', conditions: [] },
      spec: { restartPolicy: 'Always', containers: [{ name: 'a', image: 'b', resources: {} }], nodeSelector: { b: '1', a: '2' } },
      metadata: { labels: { 10: 'x', 9: 'y', a: 'z' }, name: 'p', creationTimestamp: null },
    },
    text: '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","creationTimestamp":null,"labels":{"10":"x","9":"y","a":"z"}},"spec":{"containers":[{"name":"a","image":"b","resources":{}}],"restartPolicy":"Always","nodeSelector":{"a":"2","b":"1"}},"status":{"phase":"Pending","conditions":[]}}',
  },
  {
    name: 'a list says what its items are',
    value: { apiVersion: 'v1', kind: 'ConfigMapList', items: [{ data: { a: '<&>\u2028"ü' }, metadata: { name: 'c' } }], metadata: { resourceVersion: '7' } },
    text: '{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"c"},"data":{"a":"\\u003c\\u0026\\u003e\\u2028\\"ü"}}]}',
  },
  {
    name: 'a reference has a kind of its own, in its place',
    value: {
      apiVersion: 'v1',
      kind: 'Event',
      reason: 'r',
      involvedObject: { name: 'p', uid: 'u', kind: 'Pod', apiVersion: 'v1' },
      metadata: { name: 'e' },
      eventTime: null,
    },
    text: '{"kind":"Event","apiVersion":"v1","metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"p","uid":"u","apiVersion":"v1"},"reason":"r","eventTime":null}',
  },
  {
    name: 'a custom resource is a map in Go, and so is what is kept raw',
    value: { kind: 'Shirt', apiVersion: 'stable.example.com/v1', spec: { size: 'S', color: 'red' }, metadata: { uid: 'u', name: 's' } },
    text: '{"apiVersion":"stable.example.com/v1","kind":"Shirt","metadata":{"name":"s","uid":"u"},"spec":{"color":"red","size":"S"}}',
  },
  {
    name: 'a custom kind may be called like one of apimachinery',
    value: { kind: 'Status', apiVersion: 'example.com/v1', status: 'x', metadata: { name: 's' }, code: 1 },
    text: '{"apiVersion":"example.com/v1","code":1,"kind":"Status","metadata":{"name":"s"},"status":"x"}',
  },
  {
    name: 'owned fields stay as they were written',
    value: {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { managedFields: [{ fieldsV1: { 'f:data': { '.': {}, 'f:a': {} }, 'f:b': {} }, fieldsType: 'FieldsV1', manager: 'm' }] },
    },
    text: '{"kind":"Secret","apiVersion":"v1","metadata":{"managedFields":[{"manager":"m","fieldsType":"FieldsV1","fieldsV1":{"f:data":{".":{},"f:a":{}},"f:b":{}}}]}}',
  },
  {
    name: 'each of what is escaped',
    value: { kind: 'ConfigMap', apiVersion: 'v1', data: { a: '<', b: '&', c: '\n', d: '\\', e: '\u2029', f: 'ü', g: '\u0001', h: "it's fine: a-z [x] ~!" } },
    text: '{"kind":"ConfigMap","apiVersion":"v1","data":{"a":"\\u003c","b":"\\u0026","c":"\\n","d":"\\\\","e":"\\u2029","f":"ü","g":"\\u0001","h":"it\'s fine: a-z [x] ~!"}}',
  },
  {
    name: 'raw data',
    value: { kind: 'ControllerRevision', apiVersion: 'apps/v1', revision: 1, data: { spec: { b: 1, a: [{ d: 1, c: 2 }] } }, metadata: {} },
    text: '{"kind":"ControllerRevision","apiVersion":"apps/v1","metadata":{},"data":{"spec":{"a":[{"c":2,"d":1}],"b":1}},"revision":1}',
  },
  {
    name: "a watch's event",
    value: {
      type: 'ADDED',
      object: { apiVersion: 'v1', kind: 'Namespace', status: { phase: 'Active' }, spec: { finalizers: ['kubernetes'] }, metadata: { name: 'n' } },
    },
    text: '{"type":"ADDED","object":{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"n"},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}}',
  },
  {
    name: 'a Status is of apimachinery',
    value: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404, message: 'm', reason: 'NotFound', metadata: {} },
    text: '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"m","reason":"NotFound","code":404}',
  },
  {
    name: 'the objects in a table',
    value: {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: {},
      columnDefinitions: [{ name: 'Name', type: 'string' }],
      rows: [{ cells: ['a', 1], object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { uid: 'u', name: 'a' } } }],
    },
    text: '{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":[{"name":"Name","type":"string"}],"rows":[{"cells":["a",1],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"a","uid":"u"}}}]}',
  },
  {
    name: 'what has no kind stays as it is',
    value: { major: '1', gitVersion: 'v', build: { b: 1, a: 2 } },
    text: '{"major":"1","gitVersion":"v","build":{"b":1,"a":2}}',
  },
  {
    name: 'members that are not there',
    value: { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'p', labels: undefined }, spec: undefined },
    text: '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p"}}',
  },
];

test.each(cases)('$name', ({ value, text }) => {
  expect(line(value)).toBe(`${text}\n`);
  const indented = wire.text(value, asked('/x?pretty=true'));
  expect(indented).toBe(wire.text(value, asked('/x', { 'user-agent': 'curl/8.5.0' })));
  expect(indented).toMatch(/^\{\n {2}"/);
  expect(JSON.parse(indented)).toEqual(JSON.parse(text));
});

test('who asks for one line gets one, curl too', () => {
  expect(wire.text({ a: 1 }, asked('/x?pretty=0', { 'user-agent': 'curl/8.5.0' }))).toBe('{"a":1}\n');
  expect(wire.text({ a: [], b: [1, {}] }, asked('/x?pretty=1'))).toBe('{\n  "a": [],\n  "b": [\n    1,\n    {}\n  ]\n}');
});

test('values become text one by one, what is text stays', async () => {
  async function* chunks() {
    yield { type: 'BOOKMARK', object: { metadata: { resourceVersion: '1' }, kind: 'Pod', apiVersion: 'v1' } };
    yield 'a line of a log\n';
  }
  const { body } = wire.answer(asked('/x'), { status: 200, headers: {}, body: chunks() });
  const seen: unknown[] = [];
  for await (const chunk of body as AsyncIterable<unknown>) seen.push(chunk);
  expect(seen).toEqual(['{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"1"}}}\n', 'a line of a log\n']);
  const text = { status: 200, headers: {}, body: 'ok' };
  expect(wire.answer(asked('/x'), text)).toBe(text);
});
