/** Forms of ps: procps 4.0.2's on a kernel whose pid_max is 4194304, and busybox 1.35's. */
import { expect, test } from 'vitest';
import { pods } from './pods.js';

const forms: readonly (readonly [words: string, output: string])[] = [
  ['ps', '    PID TTY          TIME CMD\n      1 ?        00:00:00 sleep\n'],
  ['ps -ef', 'UID          PID    PPID  C STIME TTY          TIME CMD\nroot           1       0  0 00:00 ?        00:00:00 sleep 1000\n'],
  ['ps ax', '    PID TTY      STAT   TIME COMMAND\n      1 ?        Ss     0:00 sleep 1000\n'],
  [
    'ps aux',
    'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot           1  0.0  0.0   2800   700 ?        Ss   00:00   0:00 sleep 1000\n',
  ],
  ['ps -o pid,ppid,user,ni,comm -p 1', '    PID    PPID USER      NI COMMAND\n      1       0 root       0 sleep\n'],
  ['ps -C sleep -o pid,cmd', '    PID CMD\n      1 sleep 1000\n'],
];

test('procps', () => {
  const c = pods();
  c.run('x', 'debian', ['sleep', '1000']);
  c.advance('1m');
  c.exec('x', 'apt-get update && apt-get install -y procps');
  for (const [words, output] of forms) expect(c.exec('x', `${words} | grep -v -e ' ps' -e sh -e grep`), words).toBe(output);
  expect(c.exec('x', 'ps -eo pid --sort=-pid --no-headers | tail -n 1; ps -eo pid,comm --sort pid | sed -n 2p')).toBe('      1\n      1 sleep\n');
  expect(c.exec('x', 'ps -o lstart= -o etime= -p 1')).toMatch(/^Thu Jan {2}1 00:00:\d\d 2026 +01:\d\d\n$/);
  expect(c.exec('x', 'ps -o foo')).toContain('error: unknown user-defined format specifier "foo"\n');
});

test('busybox', () => {
  const c = pods();
  c.run('x', 'busybox', ['sleep', '1000']);
  c.advance('1m');
  expect(c.exec('x', 'ps -o pid,ppid,user,comm,args | head -n 2')).toBe(
    'PID   PPID  USER     COMMAND          COMMAND\n    1     0 root     sleep            sleep 1000\n',
  );
  expect(c.exec('x', 'ps -o foo')).toContain("ps: bad -o argument 'foo', supported arguments: user,group,comm,args,pid,");
});

test('pgrep and pkill', () => {
  const c = pods();
  c.run('x', 'busybox', ['sh', '-c', 'sleep 1000 & sleep 2000 & wait']);
  c.run('y', 'ubuntu', ['bash', '-c', 'sleep 1000 & sleep 2000 & wait']);
  c.advance('1m');
  expect(c.exec('x', 'pgrep -l sleep; pgrep -lf 2000 | head -n 1; pgrep -o sleep; pgrep -n sleep; pgrep -x slee; echo $?')).toBe(
    '7 sleep\n8 sleep\n1 sh -c sleep 1000 & sleep 2000 & wait\n7\n8\n1\n'.replaceAll('7', '2').replaceAll('8', '3'),
  );
  expect(c.exec('y', 'pgrep -a sleep; pgrep -c sleep; pgrep -d, sleep; pgrep -P 1 -o; pgrep; echo $?')).toBe(
    "2 sleep 1000\n3 sleep 2000\n2\n2,3\n2\npgrep: no matching criteria specified\nTry `pgrep --help' for more information.\n2\n",
  );
  expect(c.exec('y', 'pkill -e -n sleep; pkill -0 sleep; echo $?; pkill nosuch; echo $?; pgrep sleep')).toBe('sleep killed (pid 3)\n0\n1\n2\n');
});

test('a signal from an exec goes to whom it names, not to process 1', () => {
  const c = pods();
  c.run('x', 'busybox', ['sh', '-c', 'trap "echo told" USR1; sleep 1000 & sleep 2000; echo second ended; sleep 3000; echo third']);
  c.advance('1m');
  expect(c.exec('x', 'pkill -n sleep; kill -9 2; kill -USR1 1; pgrep -lf sleep | grep -v "sh -c"')).toBe('4 sleep 3000\n');
  expect(c.logs('x')).toBe('Terminated\nsecond ended\n');
  c.exec('x', 'pkill -x sleep');
  expect(c.logs('x')).toBe('Terminated\nsecond ended\ntold\nTerminated\nthird\n');
});
