/** metadata.managedFields as a client may send it: odd ones are put right or forgotten, and applying goes on. */
import { expect, test } from 'vitest';
import { testServer, withNamespaces } from './harness.js';

const ODD: readonly unknown[] = [
  null,
  {},
  [],
  '',
  0,
  true,
  'x',
  [null],
  [{}],
  [[]],
  [0],
  { a: null },
  [{ manager: 'm' }],
  [{ manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: null }],
  [{ manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': null } }],
  [{ manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': 'x', 'k:{': {}, 'v:': 1 } }],
  [{ manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: [] }],
  [{ manager: 'm', operation: 'x', apiVersion: 'v1', fieldsType: 'x', fieldsV1: { 'f:spec': {} } }],
  [{ manager: 'm', operation: 'Update', apiVersion: 'nope/v9', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:nope': { 'k:{"a":1}': {} } } } }],
];
const PODS = '/api/v1/namespaces/default/pods';
const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers: [{ name: 'c', image: 'nginx' }] } });

for (const odd of ODD)
  test(JSON.stringify(odd), async () => {
    const s = withNamespaces(await testServer(), 'default');
    const body = pod('x');
    s.request('POST', PODS, { ...body, metadata: { ...body.metadata, managedFields: odd } });
    s.request('POST', PODS, body);
    for (const type of ['merge-patch', 'strategic-merge-patch'])
      s.request('PATCH', `${PODS}/x`, { metadata: { managedFields: odd } }, { 'content-type': `application/${type}+json` });
    const apply = () => s.request('PATCH', `${PODS}/x?fieldManager=f&force=true`, body, { 'content-type': 'application/apply-patch+yaml' });
    expect(apply().status).toBeLessThan(500);
    const put = s.request('PUT', `${PODS}/x`, { ...body, metadata: { ...body.metadata, managedFields: odd } });
    expect(put.status).toBeLessThan(500);
    expect(apply().status).toBeLessThan(500);
    expect(s.request('GET', PODS).status).toBe(200);
  });
