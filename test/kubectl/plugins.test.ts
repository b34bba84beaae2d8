import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { terminal } from '../harness/terminal.js';

const SCRIPT = (name: string, code = 0) => `#!/bin/sh\necho "${name} $* $WHO" > said\nexit ${code}\n`;

test('words that no command has run a program', async () => {
  const files = {
    'bin/kubectl-foo': SCRIPT('foo'),
    'bin/kubectl-foo-bar_baz': SCRIPT('bar', 7),
    'bin/kubectl-get': SCRIPT('get'),
    'bin/kubectl-unwilling': '',
  };
  const first = terminal({ files });
  const bin = join(first.cwd, 'bin');
  for (const name of ['foo', 'foo-bar_baz', 'get']) chmodSync(join(bin, `kubectl-${name}`), 0o755);
  const shell = terminal({ env: { PATH: `${bin}:/bin:/usr/bin`, WHO: 'me' } });
  expect((await shell.run('kubectl foo a --b c')).code).toBe(0);
  expect(shell.read('said')).toBe('foo a --b c me\n');
  expect((await shell.run('kubectl foo bar-baz x')).code).toBe(7);
  expect(shell.read('said')).toBe('bar x me\n');
  expect(await shell.run('kubectl unwilling')).toMatchObject({ code: 1, err: 'error: unknown command "unwilling" for "kubectl"\n' });
  expect((await shell.run('kubectl get pods')).err).toBe('No resources found in default namespace.\n');
  first.close();
  shell.close();
});

test('a subcommand that create has not', async () => {
  const names = ['foo', 'create', 'create-foo', 'create-namespace', 'create-cm', 'apply-foo'];
  const first = terminal({ files: Object.fromEntries(names.map((name) => [`bin/kubectl-${name}`, SCRIPT(name)])) });
  const bin = join(first.cwd, 'bin');
  for (const name of names) chmodSync(join(bin, `kubectl-${name}`), 0o755);
  const shell = terminal({ env: { PATH: `${bin}:/bin:/usr/bin`, WHO: 'me' } });
  expect((await shell.run('kubectl create foo a -n b')).text).toBe('');
  expect(shell.read('said')).toBe('create-foo a -n b me\n');
  expect((await shell.run('kubectl create namespace n')).text).toBe('namespace/n created\n');
  expect((await shell.run('kubectl create cm c')).text).toBe('configmap/c created\n');
  // Neither shorter names, nor what comes after a flag, nor other commands
  const refused = { text: "error: Unexpected args: [bar]\nSee 'kubectl create -h' for help and examples\n" };
  expect(await shell.run('kubectl create bar')).toMatchObject(refused);
  expect((await shell.run('kubectl create -n x foo')).err).toContain('Unexpected args: [foo]');
  expect((await shell.run('kubectl apply foo')).err).toContain('Unexpected args: [foo]');
  first.close();
  shell.close();
});

/** As kubectl 1.33.1 says it of the same files. */
test('plugin list', async () => {
  const files = { 'bin/kubectl-foo': '', 'bin/kubectl-foo-bar_baz': '', 'bin/kubectl-get': '', 'bin/kubectl-unwilling': '', 'more/kubectl-foo': '' };
  const there = terminal({ files });
  for (const name of ['bin/kubectl-foo', 'bin/kubectl-foo-bar_baz', 'bin/kubectl-get', 'more/kubectl-foo']) chmodSync(join(there.cwd, name), 0o755);
  const shell = terminal({ env: { PATH: `${there.cwd}/bin:${there.cwd}/more:/none` } });
  const listed = async (line: string): Promise<string> => (await shell.run(line)).text.replaceAll(there.cwd, 'DIR');
  const warnings = {
    get: '  - warning: kubectl-get overwrites existing command: "kubectl get"\n',
    unwilling: '  - warning: DIR/bin/kubectl-unwilling identified as a kubectl plugin, but it is not executable\n',
    foo: '  - warning: DIR/more/kubectl-foo is overshadowed by a similarly named plugin: DIR/bin/kubectl-foo\n',
  };
  const head =
    'Unable to read directory "/none" from your PATH: open /none: no such file or directory. Skipping...\nThe following compatible plugins are available:\n\n';
  const tail = 'error: 3 plugin warnings were found\n';
  expect(await listed('kubectl plugin list --name-only')).toBe(
    `${head}kubectl-foo\nkubectl-foo-bar_baz\nkubectl-get\n${warnings.get}kubectl-unwilling\n${warnings.unwilling}kubectl-foo\n${warnings.foo}${tail}`,
  );
  expect(await listed('kubectl plugin list')).toBe(
    `${head}DIR/bin/kubectl-foo\nDIR/bin/kubectl-foo-bar_baz\nDIR/bin/kubectl-get\n${warnings.get}DIR/bin/kubectl-unwilling\n${warnings.unwilling}DIR/more/kubectl-foo\n${warnings.foo}${tail}`,
  );
  there.close();
  shell.close();
});
