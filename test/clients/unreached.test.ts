import { getServers } from 'node:dns';
import { expect, test } from 'vitest';
import { inGoWords } from '../../src/client/http/unreached.js';

const failed = (code: string, hostname?: string) => inGoWords(Object.assign(new Error('as Node says it'), { code, hostname }));

test('who was asked for a name that nobody has', () => {
  expect(failed('ENOTFOUND', 'k8s.invalid').message).toBe(`dial tcp: lookup k8s.invalid on ${getServers()[0]}:53: no such host`);
  expect(failed('EAI_AGAIN', 'k8s.invalid').message).toBe(`dial tcp: lookup k8s.invalid on ${getServers()[0]}:53: server misbehaving`);
});

test('other failures stay as they are', () => {
  expect(failed('ECONNREFUSED').message).toBe('as Node says it');
});
