/** A shell on a terminal, as `kubectl exec -it` has it. */
import { expect, test } from 'vitest';
import type { Cursor, Frame } from '../../../src/apiserver/long-running.js';
import { pods } from './pods.js';

function session(image: string, argv: readonly string[], tty: boolean) {
  const c = pods();
  c.run('p', image, ['sleep', '3600']);
  c.advance('20s');
  const query = [...argv.map((word) => `command=${encodeURIComponent(word)}`), 'container=p', 'stdin=true', 'stdout=true', `tty=${tty}`, `stderr=${!tty}`].join(
    '&',
  );
  let cursor: Cursor | undefined = c.request('POST', `/api/v1/namespaces/default/pods/p/exec?${query}`).longRunning?.cursor;
  let output = '';
  const take = (chunks: readonly unknown[], next: Cursor | undefined): void => {
    for (const { channel, data } of chunks as readonly Frame[]) {
      const text = Buffer.from(data).toString('latin1');
      if (channel < 3) output += text;
      else output += /"ExitCode","message":"(\d+)"/.exec(text)?.[1]?.replace(/^/, '[') ?? '';
    }
    cursor = next;
  };
  const look = (): string => {
    for (let i = 0; i < 3 && cursor !== undefined; i += 1) {
      const poll = c.cluster.server.poll(cursor);
      take(poll.chunks, poll.cursor);
    }
    const shown = output;
    output = '';
    return shown;
  };
  const type = (data: string | undefined): string => {
    if (cursor !== undefined) {
      const poll = c.cluster.server.send(cursor, 0, data === undefined ? undefined : Buffer.from(data));
      take(poll.chunks, poll.cursor);
    }
    c.advance('1s');
    return look();
  };
  c.advance('1s');
  return { look, type };
}

test('a prompt, echo, editing, interrupt, exit', () => {
  const { look, type } = session('busybox', ['sh'], true);
  expect(look()).toBe('/ # ');
  expect(type('echx\x7fo hi\r')).toBe('echx\b \bo hi\r\nhi\r\n/ # ');
  expect(type('cd /tmp\r')).toBe('cd /tmp\r\n/tmp # ');
  expect(type('sleep 100\r')).toBe('sleep 100\r\n');
  expect(type('\x03')).toBe('^C\r\n/tmp # ');
  expect(type('if true\r')).toBe('if true\r\n> ');
  expect(type('then echo y; fi\r')).toBe('then echo y; fi\r\ny\r\n/tmp # ');
  expect(type('nosuch\r')).toBe('nosuch\r\nsh: nosuch: not found\r\n/tmp # ');
  expect(type('exit 3\r')).toContain('exit 3\r\n');
});

test.each([
  ['busybox', '/ # '],
  ['bash', 'root@p:/# '],
])('%s gives up a loop, a list and a substitution that are interrupted, and no job', (image, prompt) => {
  const { look, type } = session(image, [image === 'bash' ? 'bash' : 'sh'], true);
  expect(look()).toBe(prompt);
  expect(type('while true; do echo .; sleep 3; done\r')).toMatch(/done\r\n\.\r\n$/);
  expect(type('\x03')).toBe(`^C\r\n${prompt}`);
  expect(type('sleep 50; echo after\r')).toBe('sleep 50; echo after\r\n');
  expect(type('\x03')).toBe(`^C\r\n${prompt}`);
  expect(type('echo $?\r')).toBe(`echo $?\r\n130\r\n${prompt}`);
  expect(type('x=$(sleep 50; echo y)\r')).toBe('x=$(sleep 50; echo y)\r\n');
  expect(type('\x03')).toBe(`^C\r\n${prompt}`);
  // None of what was interrupted is left.
  if (image === 'busybox') expect(type('ps\r')).toMatch(/COMMAND\r\n +1 root +0:00 sleep 3600\r\n +\d+ root +0:00 sh\r\n +\d+ root +0:00 ps\r\n/);
  type('(sleep 6; echo job done) &\r');
  expect(type('sleep 50\r')).toBe('sleep 50\r\n');
  expect(type('\x03')).toBe(`^C\r\n${prompt}`);
  expect(type('wait\r')).toContain('wait\r\n');
  let seen = '';
  for (let i = 0; i < 8; i++) seen += type('');
  expect(seen).toContain('job done');
});

test('lines are edited, recalled and completed', () => {
  const { look, type } = session('busybox', ['sh'], true);
  look();
  expect(type('ecoh')).toBe('ecoh');
  expect(type('\x1b[D\x1b[D')).toBe('\b\b');
  expect(type('\x1b[3~')).toBe('h \b\b');
  expect(type('\x05o hi\r')).toBe('ho hi\r\nhi\r\n/ # ');
  expect(type('\x1b[A')).toBe('echo hi');
  expect(type('\x17you\r')).toBe('\b\b  \b\byou\r\nyou\r\n/ # ');
  expect(type('\x1b[A\x1b[A')).toBe('echo you\b\b\bhi \b');
  expect(type('\x1b[B')).toBe('\b\byou');
  expect(type('\x03')).toBe('^C\r\n/ # ');
  expect(type('cat /etc/hostn\t\r')).toBe('cat /etc/hostname \r\np\r\n/ # ');
  expect(type('ls /et\tho\t')).toBe('ls /etc/host');
  expect(type('\x15')).toBe('\b'.repeat(12) + ' '.repeat(12) + '\b'.repeat(12));
  // Who reads for himself gets lines as the kernel makes them: arrows edit nothing.
  expect(type('cat\r')).toBe('cat\r\n');
  expect(type('ab\x1b[Dc\r')).toBe('abc\r\nabc\r\n');
});

test("Debian's bash", () => {
  const { look, type } = session('nginx', ['bash'], true);
  expect(look()).toBe('root@p:/# ');
  expect(type('hostname\r')).toBe('hostname\r\np\r\nroot@p:/# ');
  expect(type('\x04')).toBe('exit\r\n');
  const other = session('nginx', ['bash'], true);
  other.look();
  expect(other.type('exit 3\r')).toContain('exit 3\r\nexit\r\n');
});

test('piped input has no prompt', () => {
  const { look, type } = session('busybox', ['sh'], false);
  expect(look()).toBe('');
  expect(type('echo a; cat /etc/hostname\n')).toBe('a\np\n');
  expect(type('cat\nrest\n')).toBe('rest\n');
  expect(type(undefined)).toBe('');
});
