/** Requests as apiserver_request_total tells them apart (apiserver pkg/endpoints/metrics MonitorRequest). */
import { expect, test } from 'vitest';
import { testServer, withAccount, withNamespaces } from './harness.js';

test('requests are counted by what they ask for and how they are answered', async () => {
  const s = withNamespaces(await testServer(), 'default');
  withAccount(s, 'default');
  const maps = '/api/v1/namespaces/default/configmaps';
  const map = { metadata: { name: 'a' } };
  s.request('POST', `${maps}?dryRun=All`, map);
  s.request('POST', maps, map);
  s.request('GET', maps);
  s.request('GET', '/api/v1/configmaps');
  s.request('GET', `${maps}/a`);
  s.request('GET', `${maps}/none`);
  s.request('GET', `${maps}/none`);
  s.request('PATCH', `${maps}/a?fieldManager=m`, { apiVersion: 'v1', kind: 'ConfigMap', ...map }, { 'content-type': 'application/apply-patch+yaml' });
  s.request('DELETE', maps);
  s.request('GET', '/api/v1/endpoints');
  s.request('GET', '/readyz');
  s.request('GET', '/version');
  const { headers, body } = s.request('GET', '/metrics');
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8; escaping=underscores');
  const lines = String(body).split('\n');
  const counted = lines.filter((line) => line.startsWith('apiserver_request_total{'));
  const label = (line: string, name: string) => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1];
  const shown = counted.map(
    (line) => ['code', 'dry_run', 'scope', 'verb', 'subresource'].map((name) => label(line, name)).join(' ') + line.slice(line.lastIndexOf(' ')),
  );
  expect(shown.sort()).toEqual(
    [
      ...['200  cluster LIST  1', '200  namespace LIST  1', '200  resource GET  1', '200  resource APPLY  1', '200  namespace DELETECOLLECTION  1'],
      ...['200  cluster LIST  1', '200   GET /readyz 1', '201  resource POST  1', '201 All resource POST  1', '404  resource GET  2'],
    ].sort(),
  );
  expect(lines.filter((line) => line.startsWith('apiserver_requested_deprecated_apis{'))).toEqual([
    'apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1',
  ]);
});
