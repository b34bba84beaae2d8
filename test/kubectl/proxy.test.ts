import { expect, test } from 'vitest';
import { terminal } from '../harness/terminal.js';

test('the API, files, and what is filtered', async () => {
  const shell = terminal({ files: { 'www/index.html': '<p>hi</p>', secret: 'no' } });
  const { text } = shell.start('kubectl proxy --port=0 --www=www');
  for (let i = 0; i < 500 && text() === ''; i++) await new Promise((next) => setTimeout(next, 10));
  expect(text()).toMatch(/^Starting to serve on 127\.0\.0\.1:\d+\n$/);
  const base = `http://${/127\.0\.0\.1:\d+/.exec(text())?.[0]}`;
  const version = (await (await fetch(`${base}/version`)).json()) as { gitVersion: string };
  expect(version.gitVersion).toMatch(/^v1\.33\./);
  const made = await fetch(`${base}/api/v1/namespaces/default/configmaps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }),
  });
  expect(made.status).toBe(201);
  expect((await shell.run('kubectl get cm c -o name')).out).toBe('configmap/c\n');
  const missing = await fetch(`${base}/api/v1/namespaces/default/pods/nope`);
  expect(missing.status).toBe(404);
  expect(((await missing.json()) as { message: string }).message).toBe('pods "nope" not found');
  expect((await fetch(`${base}/api/v1/namespaces/default/pods/web/exec?command=ls`)).status).toBe(403);
  const curl = { headers: { 'user-agent': 'curl/8.5.0' } };
  expect(await (await fetch(`${base}/api`, curl)).text()).toMatch(/^\{\n {2}"kind": "APIVersions",\n[\s\S]*\n\}$/);
  expect(await (await fetch(`${base}/api?pretty=false`, curl)).text()).toMatch(/^\{"kind":"APIVersions",.*\}\n$/);
  expect(await (await fetch(`${base}/static/`)).text()).toBe('<p>hi</p>');
  expect((await fetch(`${base}/static/..%2fsecret`)).status).toBe(404);
  shell.close();
});

test('a port that is taken', async () => {
  const shell = terminal();
  const { text } = shell.start('kubectl proxy --port=0');
  for (let i = 0; i < 500 && text() === ''; i++) await new Promise((next) => setTimeout(next, 10));
  const port = /:(\d+)/.exec(text())?.[1];
  const { code, err } = await shell.run(`kubectl proxy --port=${port}`);
  expect({ code, err }).toEqual({ code: 1, err: `error: listen tcp 127.0.0.1:${port}: bind: address already in use\n` });
  shell.close();
});
