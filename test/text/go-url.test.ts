import { expect, test } from 'vitest';
import { parseGoUrl } from '../../src/text/go-url.js';

const NOTHING = { scheme: '', host: '', path: '', query: '', fragment: '' };

test.each([
  ['https://u:p@A.b:443/x%2fy?q=1#f', { scheme: 'https', user: 'u:p', host: 'A.b:443', path: '/x%2fy', query: 'q=1', fragment: 'f' }],
  ['HTTP://[::1]:80', { ...NOTHING, scheme: 'http', host: '[::1]:80' }],
  ['mailto:a@b', { ...NOTHING, scheme: 'mailto' }],
  ['//host/path', { ...NOTHING, host: 'host', path: '/path' }],
  ['a/b', { ...NOTHING, path: 'a/b' }],
])('%s', (text, url) => {
  expect(parseGoUrl(text)).toEqual(url);
});

test.each([
  ['', true, 'parse "": empty url'],
  ['a/b', true, 'parse "a/b": invalid URI for request'],
  ['1a:1/b', false, 'parse "1a:1/b": first path segment in URL cannot contain colon'],
  [':a', false, 'parse ":a": missing protocol scheme'],
  ['https://a:b/', false, 'parse "https://a:b/": invalid port ":b" after host'],
  ['https://a b/', false, 'parse "https://a b/": invalid character " " in host name'],
  ['https://[::1/', false, `parse "https://[::1/": missing ']' in host`],
  ['https://a/%zz', false, 'parse "https://a/%zz": invalid URL escape "%zz"'],
  ['a\tb', false, 'parse "a\\tb": net/url: invalid control character in URL'],
])('%j cannot be read', (text, isRequest, problem) => {
  expect(parseGoUrl(text, isRequest)).toEqual({ problem });
});

test('a path from the root is a request, and its # is no fragment', () => {
  expect(parseGoUrl('//a/b#c', true)).toEqual({ ...NOTHING, path: '//a/b#c' });
});
