/** What images say of themselves follows their tags. */
import { expect, test } from 'vitest';
import { pods } from './pods.js';

test.each([
  ['busybox:1.28', 'busybox | head -1', /^BusyBox v1\.28\.4 \(2018-05-22 17:00:17 UTC\) multi-call binary\.\n$/],
  ['busybox:1.36', 'busybox | head -1', /^BusyBox v1\.36\.1 \(2023-05-18 22:34:17 UTC\) multi-call binary\.\n$/],
  ['busybox', 'busybox | head -n 1; sleep', /^BusyBox v1\.37\.0 .*\nBusyBox v1\.37\.0 .*\n\nUsage: sleep \[N\]\.\.\.\n\[1\]$/],
  ['busybox', 'busybox echo a b; busybox nix', /^a b\nnix: applet not found\n\[127\]$/],
  ['alpine:3.18', 'cat /etc/alpine-release; busybox | head -1', /^3\.18\.12\nBusyBox v1\.36\.1 /],
  ['alpine:3.20.3', 'cat /etc/alpine-release; grep VERSION_ID /etc/os-release', /^3\.20\.3\nVERSION_ID=3\.20\.3\n$/],
  ['redis:7-alpine3.20', 'busybox | head -1', /^BusyBox v1\.36\.1 /],
  ['node:18', "node --version; node -p 'process.version'; echo $NODE_VERSION", /^v18\.20\.8\nv18\.20\.8\n18\.20\.8\n$/],
  ['node:20.11', 'node -v', /^v20\.11\.1\n$|^v20\.11\n$/],
  ['node:lts-alpine', 'node -v', /^v22\.16\.0\n$/],
  ['python:3.9', "python3 --version; python -c 'import sys; print(sys.version)'", /^Python 3\.9\.23\n3\.9\.23 \(main/],
  ['python', 'python3 -V', /^Python 3\.13\.4\n$/],
  ['perl:5.34.0', 'perl -v | head -2', /^\nThis is perl 5, version 34, subversion 0 \(v5\.34\.0\)/],
  ['debian', 'perl -v | head -2', /version 36, subversion 0/],
] as const)('%s: %s', (image, script, says) => {
  const c = pods();
  c.run('x', image, ['sleep', '3600']);
  c.advance('40s');
  expect(c.exec('x', script)).toMatch(says);
});

test.each([
  ['php:8.3', /^PHP 8\.3 /],
  ['wordpress', /^PHP 8\.4\.8 /],
])('php -v in %s', (image, version) => {
  const c = pods();
  c.run('x', image, ['sleep', '1000']);
  c.advance('1m');
  expect(c.exec('x', 'php -v')).toMatch(version);
});

test.each([
  ['mysql:5.7', 'mysql --version', /^mysql {2}Ver 14\.14 Distrib 5\.7\.44, for Linux/, /\[Note\] mysqld \(mysqld 5\.7\.44\) starting as process 1/],
  ['mysql:8.0', 'mysql -V; mysqld --version', /^mysql {2}Ver 8\.0\.42 for Linux.*\n\/usr\/sbin\/mysqld {2}Ver 8\.0\.42 /, /Server 8\.0\.42-1\.el9 started/],
  [
    'mysql:8',
    'mysql -p$MYSQL_ROOT_PASSWORD -e "select version()" 2>/dev/null; echo $MYSQL_MAJOR',
    /^version\(\)\n8\.4\.5\n8\.4\n$/,
    /mysqld: ready for connections\. Version: '8\.4\.5'/,
  ],
  ['mongo', 'mongod --version', /^db version v8\.0\.10\n/, /"version":"8\.0\.10"/],
  [
    'mongo:4.0',
    'mongo --version; mongosh',
    /^MongoDB shell version v4\.0\.28\n.*mongosh: not found/,
    /^\S+\+0000 I CONTROL {2}\[initandlisten\] MongoDB starting/,
  ],
  ['mariadb:10.6', 'mariadb --version', /^mariadb from 10\.6\.22-MariaDB/, /Version: '10\.6\.22-MariaDB/],
] as const)('%s logs its own version', (image, script, says, log) => {
  const c = pods();
  c.run('x', image, undefined, { container: { env: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'x' }] } });
  c.advance('2m');
  expect(c.logs('x')).toMatch(log);
  expect(c.exec('x', script)).toMatch(says);
});
