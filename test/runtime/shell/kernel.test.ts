/** What the kernel shows in a container: /proc, its cgroup, its limits, and what dropped capabilities keep it from. */
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../src/api/object.js';
import { pods } from './pods.js';

test('/proc and the cgroup', () => {
  const c = pods();
  c.run('x', 'busybox', ['sleep', '1000'], {
    securityContext: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, sysctls: [{ name: 'net.ipv4.tcp_keepalive_time', value: '1024' }] },
    volumes: [{ name: 'm', emptyDir: { medium: 'Memory' } }],
    container: {
      volumeMounts: [{ name: 'm', mountPath: '/cache' }],
      resources: { limits: { memory: '128Mi', cpu: '500m' } },
      securityContext: { allowPrivilegeEscalation: false },
    },
  });
  c.advance('10s');
  expect(c.exec('x', 'tr "\\0" " " < /proc/1/cmdline')).toBe('sleep 1000 ');
  expect(c.exec('x', 'grep -E "^(Uid|Gid|Groups|CapEff|CapBnd|NoNewPrivs)" /proc/1/status')).toBe(
    'Uid:\t1000\t1000\t1000\t1000\nGid:\t3000\t3000\t3000\t3000\nGroups:\t3000 2000 \nCapEff:\t0000000000000000\nCapBnd:\t00000000a80425fb\nNoNewPrivs:\t1\n',
  );
  expect(c.exec('x', 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max /proc/sys/net/ipv4/tcp_keepalive_time')).toBe('134217728\n50000 100000\n1024\n');
  expect(c.exec('x', 'grep " /cache " /proc/mounts')).toBe('tmpfs /cache tmpfs rw,relatime,size=131072k,inode64,noswap 0 0\n');
  expect(c.exec('x', 'ulimit -n; ulimit -n 100; ulimit -n; grep "open files" /proc/1/limits | tr -s " "')).toBe(
    '1048576\n100\nMax open files 1048576 1048576 files \n',
  );
  expect(c.exec('x', 'echo 1 > /proc/sys/net/ipv4/ip_forward')).toBe("sh: can't create /proc/sys/net/ipv4/ip_forward: Read-only file system\n[1]");
  expect(c.exec('x', 'free -m | head -n2; grep MemTotal /proc/meminfo; nproc; grep -c ^processor /proc/cpuinfo')).toMatch(
    / total .*\nMem: +8192 .*\nMemTotal: +8388608 kB\n4\n4\n$/,
  );
  expect(c.exec('x', 'ls /proc/net; ls -d /proc/self/ne*; head -c 11 /proc/net/route; readlink /proc/net; cat /proc/thread-self/comm')).toBe(
    'dev\nroute\ntcp\n/proc/self/net\nIface\tDestiself/net\ncat\n',
  );
  expect(c.exec('x', 'echo told > /proc/1/fd/1')).toBe('');
  expect(c.logs('x')).toBe('told\n');
});

test("a process's root and working directory lead to its container's files", () => {
  const c = pods();
  const shell = (name: string, securityContext: object) => ({ name, image: 'busybox', command: ['sleep', '1000'], securityContext });
  c.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: {
      shareProcessNamespace: true,
      containers: [{ name: 'nginx', image: 'nginx' }, shell('shell', {}), shell('user', { runAsUser: 1000 })],
    },
  } as unknown as KubeObject);
  c.advance('20s');
  const run = (container: string, script: string): string => c.exec('x', script, container);
  const nginx = `/proc/${run('shell', 'pgrep nginx | head -n 1').trim()}`;
  const root = `${nginx}/root`;
  expect(run('shell', `grep -c . ${root}/etc/nginx/conf.d/default.conf; ls ${nginx}/cwd/usr/share/nginx`)).toMatch(/^\d+\nhtml\n$/);
  expect(run('shell', `echo hi > ${root}/tmp/f; ls /tmp`)).toBe('');
  expect(run('nginx', 'cat /tmp/f')).toBe('hi\n');
  expect(run('user', `cat ${root}/tmp/f`)).toBe(`cat: can't open '${root}/tmp/f': Permission denied\n[1]`);
  expect(run('shell', 'cd /etc; ls /proc/self/cwd/passwd; own=/proc/$$/root; head -n 1 $own/etc/passwd; cd /proc/self/root && ls | grep -cx bin')).toBe(
    '/proc/self/cwd/passwd\nroot:x:0:0:root:/root:/bin/sh\n1\n',
  );
  expect(run('shell', 'grep -rl Mem[T]otal /proc 2>/dev/null')).toBe('/proc/meminfo\n');
});

test.each([
  [{ add: ['NET_ADMIN', 'SYS_TIME'] }, 'aa0435fb', ''],
  [{ drop: ['ALL'] }, '0', 'chown: /tmp/f: Operation not permitted\n'],
  [{ drop: ['ALL'], add: ['CHOWN'] }, '1', ''],
  [{ add: ['ALL'] }, '1ffffffffff', ''],
])('capabilities %j', (capabilities, mask, refused) => {
  const c = pods();
  c.run('x', 'busybox', ['sleep', '1000'], { container: { securityContext: { capabilities } } });
  c.advance('10s');
  expect(c.exec('x', 'grep CapEff /proc/1/status | cut -f2')).toBe(`${mask.padStart(16, '0')}\n`);
  expect(c.exec('x', 'touch /tmp/f; chown 1000 /tmp/f; true')).toBe(refused);
});

test('cron starts what its table says, every minute', () => {
  const c = pods();
  c.run('x', 'busybox', ['sh', '-c', 'echo "* * * * * echo tick >> /tmp/t" | crontab -; exec crond -f -l 8']);
  c.advance('190s');
  expect(c.exec('x', 'crontab -l; cat /tmp/t')).toBe('* * * * * echo tick >> /tmp/t\ntick\ntick\ntick\n');
  expect(c.logs('x')).toMatch(/^crond: crond \(busybox 1\.37\.0\) started, log level 8\n(crond: USER root pid +\d+ cmd echo tick >> \/tmp\/t\n){3}$/);
});

/** As user 1000: what nobody may look into, and links that lead nowhere, end no program without a word. */
test.each([
  ['busybox', 'ls d; ls -R . | wc -l', "ls: can't open 'd': Permission denied\nls: can't open './d': Permission denied\n5\n"],
  [
    'busybox',
    'tree; grep -r x .',
    '.\n├── d [error opening dir]\n└── l -> l\n\n1 directories, 1 files\ngrep: ./d: Permission denied\ngrep: ./l: Too many levels of symbolic links\n[1]',
  ],
  [
    'debian',
    'ls d; echo $?; ls -R; echo $?',
    "ls: cannot open directory 'd': Permission denied\n2\n.:\nd\nl\nls: cannot open directory './d': Permission denied\n1\n",
  ],
  ['debian', 'grep -r x .; echo $?', 'grep: ./d: Permission denied\n2\n'],
  ['debian', 'echo echo > s; chmod 111 s; ./s', 'sh: 1: ./s: Permission denied\n[126]'],
  ['debian', 'test -e l; echo $?; echo */; cat < l', '1\nd/\nsh: 1: cannot open l: Too many levels of symbolic links\n[2]'],
])('in %s, %j', (image, script, output) => {
  const c = pods();
  c.run('x', image, ['sleep', '1000'], { securityContext: { runAsUser: 1000 } });
  c.advance('10s');
  expect(c.exec('x', `mkdir -p /tmp/t/d; cd /tmp/t; ln -s l l; chmod 0 d; ${script}`)).toBe(Buffer.from(output).toString('latin1'));
});

test.each([
  ['busybox', 'sh', 'time sleep 2', 'real\t0m 2.00s\nuser\t0m 0.00s\nsys\t0m 0.00s\n'],
  ['debian', 'bash', 'time sleep 2', '\nreal\t0m2.000s\nuser\t0m0.000s\nsys\t0m0.000s\n'],
  ['debian', 'bash', 'time -p sleep 1 | cat', 'real 1.00\nuser 0.00\nsys 0.00\n'],
  ['debian', 'sh', 'time true; echo $?', 'sh: 1: time: not found\n127\n'],
  ['busybox', 'sh', 'adduser -D bob; id bob; su bob -c "echo hi"', 'uid=1000(bob) gid=1000 groups=1000\nhi\n'],
])('in %s, %s -c %j', (image, shell, script, output) => {
  const c = pods();
  c.run('x', image, ['sleep', '1000']);
  c.advance('10s');
  expect(c.exec('x', [shell, '-c', script])).toBe(output);
});

test('chroot', () => {
  const c = pods();
  c.run('x', 'ubuntu', ['sleep', '1000'], {
    volumes: [{ name: 'h', hostPath: { path: '/' } }],
    container: { volumeMounts: [{ name: 'h', mountPath: '/host' }] },
  });
  c.run('y', 'busybox', ['sleep', '1000']);
  c.advance('20s');
  expect(c.exec('x', 'chroot /host sh -c "cat /etc/hostname; pwd; cd /etc/kubernetes && ls -d manifests; echo hi > /var/run/x; nope"; cat /host/run/x')).toBe(
    'podsim-control-plane\n/\nmanifests\nsh: 1: nope: not found\nhi\n',
  );
  expect(c.exec('x', 'echo "cat /etc/hostname; exit 3" | chroot /host; echo $?; chroot /nope; chroot /tmp ls; chroot /etc/passwd; cat /etc/hostname')).toBe(
    "podsim-control-plane\n3\nchroot: cannot change root directory to '/nope': No such file or directory\nchroot: failed to run command 'ls': No such file or directory\nchroot: cannot change root directory to '/etc/passwd': Not a directory\nx\n",
  );
  expect(c.exec('y', 'mkdir -p /tmp/r/bin; cp /bin/echo /tmp/r/bin/; chroot /tmp/r /bin/echo works; chroot /tmp/r')).toBe(
    "works\nchroot: can't execute '/bin/sh': No such file or directory\n[127]",
  );
});
