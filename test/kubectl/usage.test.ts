/** What kubectl 1.33.1 says of wrong command lines (recorded from it), for the commands of the second half. */
import { afterAll, describe, expect, test } from 'vitest';
import { terminal } from '../harness/terminal.js';

const NOTHING = `error: You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;
const CAN_I = `error: you must specify two arguments: verb resource or verb resource/resourceName.
See 'kubectl auth can-i -h' for help and examples.`;
const IMAGE = 'error: you must specify --image when not using --copy-to.';
const see = (message: string, path: string) => `error: ${message}\nSee 'kubectl ${path} -h' for help and examples`;

/** Command line, stderr, exit code (1). */
const cases: readonly (readonly [string, string, number?])[] = [
  ['top x', see('unknown command "x"', 'top')],
  ['top node --sort-by=x', 'error: --sort-by accepts only cpu or memory'],
  ['top pod --sort-by=x', 'error: --sort-by accepts only cpu or memory'],
  ['top node a b', see('node [NAME | -l label]', 'top node')],
  ['top pod a b', see('pod [NAME | -l label]', 'top pod')],
  ['top pod a -l b=c', 'error: only one of NAME or selector can be provided'],
  ['top pod a --field-selector=a=b', 'error: only one of NAME or selector can be provided'],
  ['top node a -l b=c', 'error: only one of NAME or --selector can be provided'],
  ['auth x', see('unknown command "x"', 'auth')],
  ['auth can-i', CAN_I],
  ['auth can-i get', CAN_I],
  ['auth can-i get pods x', CAN_I],
  ['auth can-i get pods x y', CAN_I],
  ['auth can-i --list get', 'error: list option must be specified with no arguments'],
  ['auth can-i --list -A', "error: list option can't be specified with neither quiet, all-namespaces nor subresource options"],
  ['auth can-i -q --list', "error: list option can't be specified with neither quiet, all-namespaces nor subresource options"],
  ['auth can-i --list --subresource=log', "error: list option can't be specified with neither quiet, all-namespaces nor subresource options"],
  ['auth can-i get /logs --subresource=log', 'error: --subresource can not be used with NonResourceURL'],
  ['auth can-i --no-headers get pods', 'error: --no-headers cannot be set without --list specified'],
  [
    'auth whoami -o foo',
    'error: unable to match a printer suitable for the output format "foo", allowed formats are: go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml',
  ],
  ['auth reconcile', 'error: must specify one of -f and -k'],
  ['auth reconcile x', 'error: must specify one of -f and -k'],
  ['auth reconcile -f /nonexist', 'error: the path "/nonexist" does not exist'],
  ['certificate approve', 'error: one or more CSRs must be specified as <name> or -f <filename>'],
  ['certificate deny x --foo', "error: unknown flag: --foo\nSee 'kubectl certificate deny --help' for usage."],
  ['certificate deny -k x -f y', 'error: only one of -f or -k can be specified'],
  ['plugin x', see('unknown command "x"', 'plugin')],
  ['alpha', 'No alpha commands are available in this version of kubectl', 0],
  ['alpha x', 'No alpha commands are available in this version of kubectl', 0],
  ['alpha --help', 'No alpha commands are available in this version of kubectl', 0],
  ['completion', see('Shell not specified.', 'completion')],
  ['completion foo', see('Unsupported shell type "foo".', 'completion')],
  ['completion bash zsh', see('Too many arguments. Expected only the shell type.', 'completion')],
  ['port-forward', see('TYPE/NAME and list of ports are required for port-forward', 'port-forward')],
  ['port-forward x', see('TYPE/NAME and list of ports are required for port-forward', 'port-forward')],
  ['port-forward x y', 'Error from server (NotFound): pods "x" not found'],
  ['diff', 'error: must specify one of -f and -k', 2],
  ['diff x', see('Unexpected args: [x]', 'diff'), 2],
  ['diff x -f y', see('Unexpected args: [x]', 'diff'), 2],
  ['diff -f /nonexist', 'error: the path "/nonexist" does not exist', 2],
  ['diff --foo', see('unknown flag: --foo', 'diff'), 2],
  ['debug', IMAGE],
  ['debug p', IMAGE],
  ['debug p -it', IMAGE],
  ['debug p --image=', IMAGE],
  ['debug --image=x', 'error: NAME or filename is required for debug'],
  ['debug p --image=x --profile=foo', 'error: unknown profile: foo'],
  ['debug p --image=x --target=y --copy-to=z', 'error: --target is incompatible with --copy-to. Use --share-processes instead.'],
  ['debug p --image=x --set-image=a=b', 'error: --set-image may only be used with --copy-to.'],
  [
    'debug p --copy-to=z --set-image=a',
    'error: invalid argument "a" for "--set-image" flag: a must be formatted as key=value\nSee \'kubectl debug --help\' for usage.',
  ],
  ['debug p --copy-to=z', 'error: you must specify --image, --set-image or command arguments.'],
  ['debug p --image=x --replace', 'error: --replace may only be used with --copy-to.'],
  ['debug p --image=x --same-node', 'error: --same-node may only be used with --copy-to.'],
  ['debug p --image=X:x', 'error: invalid image name "X:x": invalid reference format'],
  ['debug p --image=x --image-pull-policy=foo', 'error: invalid image pull policy: foo'],
  ['debug p --image=x -t', 'error: -i/--stdin is required for containers with -t/--tty=true'],
  ['debug p --image=x --custom=/nonexist', 'error: must pass a container spec json file for custom profile: open /nonexist: no such file or directory'],
  [
    'debug p --image=x --env=foo',
    'error: invalid argument "foo" for "--env" flag: foo must be formatted as key=value\nSee \'kubectl debug --help\' for usage.',
  ],
  [
    'debug p --image=x',
    '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\nError from server (NotFound): pods "p" not found',
  ],
  [
    'debug -f x --image=y p',
    '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\nerror: the path "x" does not exist',
  ],
  ['apply view-last-applied', NOTHING],
  ['apply view-last-applied -o foo pods', 'error: resource(s) were provided, but no name was specified'],
  ['apply view-last-applied pods -o name', 'error: resource(s) were provided, but no name was specified'],
  ['apply set-last-applied', NOTHING],
  ['apply set-last-applied x', NOTHING],
  ['apply set-last-applied -f /nonexist', 'error: the path "/nonexist" does not exist'],
  ['apply edit-last-applied', NOTHING],
];

describe('wrong command lines', () => {
  const shell = terminal();
  afterAll(() => shell.close());
  test.each(cases)('%s', async (line, message, exit = 1) => {
    const { code, err, out } = await shell.run(`kubectl ${line}`);
    expect({ code, err, out }).toEqual({ code: exit, err: `${message}\n`, out: '' });
  });
});

/** Groups alone: where their help goes, and the exit code. */
const groups: readonly (readonly [string, 'out' | 'err', number])[] = [
  ['top', 'err', 1],
  ['auth', 'err', 1],
  ['certificate', 'out', 0],
  ['certificate x', 'out', 0],
  ['plugin', 'err', 1],
];
test.each(groups)('%s', async (line, stream, exit) => {
  const shell = terminal();
  const ran = await shell.run(`kubectl ${line}`);
  shell.close();
  expect(ran.code).toBe(exit);
  expect(ran[stream]).toContain('Available Commands:');
  expect(ran[stream === 'out' ? 'err' : 'out']).toBe('');
});
