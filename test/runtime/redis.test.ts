/** A redis server is one for all its clients, and keeps its data where a volume is. Replies are redis 7's. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/object.js';
import type { Pod } from '../../src/resources/pods/types.js';
import { pods } from './shell/pods.js';

function servers() {
  const c = pods();
  const volumes = [
    { name: 'c', configMap: { name: 'conf' } },
    { name: 'd', emptyDir: {} },
  ];
  c.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'conf' },
    data: { 'redis.conf': '# a cache\nmaxmemory 2mb\nmaxmemory-policy allkeys-lru\n' },
  } as unknown as KubeObject);
  c.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'redis' },
    spec: { selector: { run: 'redis' }, ports: [{ port: 6379 }] },
  } as unknown as KubeObject);
  c.run('redis', 'redis:7.2', ['redis-server', '/conf/redis.conf'], {
    volumes,
    container: {
      volumeMounts: [
        { name: 'c', mountPath: '/conf' },
        { name: 'd', mountPath: '/data' },
      ],
    },
  });
  c.run('auth', 'redis', undefined, { container: { args: ['--requirepass', 's3cret', '--port', '6380'] } });
  c.run('cli', 'busybox', ['sleep', '10000']);
  c.advance('20s');
  return c;
}

test('keeps what its clients set, over a restart where a volume lies at /data', () => {
  const c = servers();
  const cli = (words: string): string => c.exec('auth', `redis-cli -h redis ${words}`);
  expect(cli('set foo bar')).toBe('OK\n');
  expect(c.exec('redis', 'redis-cli get foo')).toBe('bar\n');
  expect(cli('get nope')).toBe('\n');
  expect(cli('rpush l a b c') + cli('lrange l 0 -1') + cli('--no-raw lrange l 1 5')).toBe('3\na\nb\nc\n1) "b"\n2) "c"\n');
  expect(cli('hset h a 1 b 2') + cli('hgetall h') + cli('type h')).toBe('2\na\n1\nb\n2\nhash\n');
  expect(cli('incr n') + cli('incrby n 4') + cli('incr foo')).toBe('1\n5\nERR value is not an integer or out of range\n\n');
  expect(cli('lpush foo x')).toBe('WRONGTYPE Operation against a key holding the wrong kind of value\n\n');
  expect(cli('get')).toBe("ERR wrong number of arguments for 'get' command\n\n");
  expect(cli('expire foo 10') + cli('ttl foo')).toBe('1\n10\n');
  // What is gone takes its time to live with it.
  expect(cli('set t x ex 5') + cli('del t') + cli('rpush t a') + cli('ttl t') + cli('append t b')).toBe(
    'OK\n1\n1\n-1\nWRONGTYPE Operation against a key holding the wrong kind of value\n\n',
  );
  expect(cli('set u x ex 50') + cli('rename u t') + cli('ttl t') + cli('keys "[t-v]"') + cli('del t')).toBe('OK\nOK\n50\nt\n1\n');
  expect(cli('lrange l -2 -1') + cli('lrange l 0 -9')).toBe('b\nc\n\n');
  expect(cli('config get maxmemory')).toBe('maxmemory\n2097152\n');
  expect(c.exec('cli', 'printf "PING\\r\\nGET n\\r\\n" | nc -w 1 redis 6379')).toBe('+PONG\r\n$1\r\n5\r\n');
  c.exec('redis', 'kill 1');
  c.advance('30s');
  expect(cli('keys "*"')).toBe('l\nh\nn\n');
  expect(c.exec('auth', 'printf "set a 1\\nget a\\n\\nfoo\\n" | redis-cli -h redis')).toBe("OK\n1\nERR unknown command 'foo', with args beginning with: \n\n");
});

test('ends where it may not save', () => {
  const c = pods();
  c.run('x', 'redis', undefined, { restartPolicy: 'Never', container: { securityContext: { readOnlyRootFilesystem: true } } });
  c.advance('10s');
  expect(c.exec('x', 'redis-cli set a b; kill 1')).toBe('OK\n');
  c.advance('10s');
  expect(c.get<Pod>('pods', 'x').status?.phase).toBe('Succeeded');
});

test('asks for the password it was given', () => {
  const c = servers();
  expect(c.exec('auth', 'redis-cli -p 6380 ping')).toBe('NOAUTH Authentication required.\n\n');
  expect(c.exec('auth', 'REDISCLI_AUTH=s3cret redis-cli -p 6380 ping')).toBe('PONG\n');
  expect(c.exec('auth', 'redis-cli -p 6380 -a s3cret ping')).toBe(
    "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\nPONG\n",
  );
  expect(c.exec('auth', 'redis-cli -p 6380 --no-auth-warning -a no get x')).toBe(
    'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\nNOAUTH Authentication required.\n\n',
  );
});
