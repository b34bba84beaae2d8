import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeTar } from '../../src/api/tar.js';
import { archiveOf, clean, isWithin, withoutShortcuts } from '../../src/kubectl/archives.js';
import { hostFiles } from '../../src/kubectl/files.js';
import { session, terminal } from '../harness/terminal.js';

const POD = (image: string) => `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - {name: c, image: '${image}', command: [sleep, infinity]}
`;

const running = async (image = 'debian', files: Readonly<Record<string, string>> = {}) => {
  const shell = terminal({ files: { 'pod.yaml': POD(image), ...files } });
  await shell.run('kubectl apply -f pod.yaml');
  await shell.run('kubectl wait --for=condition=Ready pod/web');
  return shell;
};

describe('usage', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['cp', 'error: source and destination are required'],
    ['cp a', 'error: source and destination are required'],
    ['cp a b c', 'error: source and destination are required'],
    ['cp a b', 'error: one of src or dest must be a remote file specification'],
    ['cp a:b c:d', 'error: one of src or dest must be a local file specification'],
    ['cp nope y:z', "error: nope doesn't exist in local filesystem"],
    ['cp y: z', 'error: filepath can not be empty'],
    ['cp :z a', 'error: filespec must match the canonical format: [[namespace/]pod:]file/path'],
    ['cp a/b/c:z a', 'error: filespec must match the canonical format: [[namespace/]pod:]file/path'],
    ['cp nope:/x y', 'Error from server (NotFound): pods "nope" not found'],
  ];
  test.each(cases)('%s', async (line, message) => {
    const shell = terminal();
    const { code, err } = await shell.run(`kubectl ${line}`);
    shell.close();
    expect({ code, err }).toEqual({ code: 1, err: `${message}\n` });
  });
});

test('a file there and back', async () => {
  const shell = await running('debian', { 'note.txt': 'hällo\n', 'dir/a/b.txt': 'b\n', 'dir/c.txt': 'c\n' });
  mkdirSync(join(shell.cwd, 'dir/empty'));
  await session(
    `
    $ kubectl cp note.txt web:/tmp/copy.txt
    $ kubectl exec web -- cat /tmp/copy.txt
    hällo
    $ kubectl cp note.txt web:/tmp
    $ kubectl exec web -- cat /tmp/note.txt
    hällo
    $ kubectl cp dir default/web:/srv/d
    $ kubectl exec web -- ls -R /srv/d
    /srv/d:
    a
    c.txt
    empty

    /srv/d/a:
    b.txt

    /srv/d/empty:
    $ kubectl cp web:/srv/d back -c c
    tar: Removing leading \`/' from member names
    $ cat back/a/b.txt
    b
    $ cat back/c.txt
    c
    $ kubectl cp web:/srv/nope here
    tar: /srv/nope: Cannot stat: No such file or directory
    tar: Exiting with failure status due to previous errors
    command terminated with exit code 2
    [2]
    $ kubectl cp web:/srv/d/c.txt back
    tar: Removing leading \`/' from member names
    error: open back: is a directory
    [1]
    $ kubectl cp note.txt web:/nope/x
    tar: /nope: Cannot open: No such file or directory
    tar: Error is not recoverable: exiting now
    command terminated with exit code 2
    [2]
    `,
    {},
    shell,
  );
  expect(existsSync(join(shell.cwd, 'back/empty'))).toBe(true);
  shell.close();
});

test('any byte survives', async () => {
  const shell = await running('busybox');
  const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
  writeFileSync(join(shell.cwd, 'data.bin'), bytes);
  await session(
    `
    $ kubectl cp data.bin web:/data.bin
    $ kubectl cp web:/data.bin back.bin
    tar: removing leading '/' from member names
    `,
    {},
    shell,
  );
  expect(Buffer.compare(readFileSync(join(shell.cwd, 'back.bin')), bytes)).toBe(0);
  shell.close();
});

test('links are sent, but not taken', async () => {
  const shell = await running('debian', { 'd/real': 'x\n' });
  symlinkSync('real', join(shell.cwd, 'd/link'));
  await session(
    `
    $ kubectl cp d web:/tmp/d
    $ kubectl exec web -- readlink /tmp/d/link
    real
    $ kubectl cp web:/tmp/d out
    tar: Removing leading \`/' from member names
    warning: skipping symlink: "out/link" -> "real" (consider using "kubectl exec -n "default" "web" -- tar cf - "/tmp/d" | tar xf -")
    `,
    {},
    shell,
  );
  expect(existsSync(join(shell.cwd, 'out/link'))).toBe(false);
  expect(shell.read('out/real')).toBe('x\n');
  shell.close();
});

test('what an archive says lies elsewhere is not written', async () => {
  const entry = { mode: 0o644, uid: 0, gid: 0, mtime: 0, type: 'file' as const, target: '' };
  const archive = writeTar([
    { ...entry, name: 'd/ok', data: Buffer.from('ok') },
    { ...entry, name: 'd/../../evil', data: Buffer.from('evil') },
  ]);
  const shell = await running('debian');
  writeFileSync(join(shell.cwd, 'evil.tar'), archive);
  // The container's own tar gives out a prepared archive.
  await session(
    `
    $ kubectl cp evil.tar web:/evil.tar
    $ kubectl exec web -- sh -c 'printf "#!/bin/sh\\ncat /evil.tar\\n" > /usr/local/bin/tar; chmod +x /usr/local/bin/tar'
    `,
    {},
    shell,
  );
  const { text } = await shell.run('kubectl cp web:d out');
  expect(existsSync(join(shell.cwd, '../evil'))).toBe(false);
  expect(existsSync(join(shell.cwd, 'evil'))).toBe(false);
  expect(text).toBe('warning: file "../evil" is outside target destination, skipping\n');
  expect(shell.read('out/ok')).toBe('ok');
  shell.close();
});

test('paths', () => {
  const cleaned: readonly (readonly [string, string])[] = [
    ['a//b/./c/..', 'a/b'],
    ['/../a', '/a'],
    ['../a', '../a'],
    ['', '.'],
    ['/', '/'],
  ];
  for (const [path, out] of cleaned) expect(clean(path)).toBe(out);
  expect(withoutShortcuts('../../x')).toBe('x');
  expect(withoutShortcuts('..')).toBe('');
  expect(isWithin('/a', '/a/b')).toBe(true);
  expect(isWithin('/a', '/ab')).toBe(false);
  expect(isWithin('.', '../x')).toBe(false);
  expect(isWithin('a', 'a/../../x')).toBe(false);
});

test('an archive of a file that is one already', async () => {
  const shell = terminal({ files: { x: '1' } });
  const archive = await archiveOf(hostFiles(shell.cwd), 'x', 'y');
  expect(archive.length).toBe(10_240);
  shell.close();
});
