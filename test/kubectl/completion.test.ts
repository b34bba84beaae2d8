import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scripts } from '../../src/kubectl/completion-scripts.js';
import { type Terminal, terminal } from '../harness/terminal.js';

const CONFIG = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "podsim://c"}}]
users: [{name: u, user: {}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`;
const PODS = `apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {initContainers: [{name: i, image: busybox}], containers: [{name: c, image: nginx}, {name: d, image: redis}]}
`;
const WITH_PODS = 'daemonsets/ deployments/ pods/ jobs/ replicasets/ replicationcontrollers/ services/ statefulsets/';

/** Words, then what kubectl 1.33.1 gives for them (recorded; meanings left out), with `:N` at the end. */
const cases: readonly (readonly [readonly string[], string])[] = [
  [['top', ''], 'node pod :4'],
  [['nope', ''], ':0'],
  [['__foo'], ':4'],
  [['completion', ''], 'bash zsh fish powershell :4'],
  [['completion', 'bash', ''], ':4'],
  [
    ['get', '-o', ''],
    'json yaml name go-template go-template-file template templatefile jsonpath jsonpath-as-json jsonpath-file custom-columns custom-columns-file wide :4',
  ],
  [['get', '-o', 'j'], 'json jsonpath jsonpath-as-json jsonpath-file :4'],
  [['get', '-o=j'], 'json jsonpath jsonpath-as-json jsonpath-file :4'],
  [['get', 'pods', '--output=w'], 'wide :4'],
  [['describe', '-o', ''], ':0'],
  [['version', '-o', ''], ':0'],
  [['get', '--o'], '--output --output-watch-events :4'],
  [['get', '-o', 'json', '--o'], '--output-watch-events :4'],
  [['get', '-f', 'x', '--f'], '--field-selector --filename :4'],
  [['get', '-n'], '-n :4'],
  [['create', 'deployment', '--'], '--image :4'],
  [['scale', '--'], '--replicas :4'],
  [['scale', '--replicas', '2', '--rec'], '--recursive :4'],
  [['apply', '--dry-run', ''], ':0'],
  [['apply', '-n', 'default', 'v'], 'view-last-applied :4'],
  [['config', 'set-cluster', '--cert'], '--certificate-authority :4'],
  [['--namesp'], '--namespace :4'],
  [['get', '--dry'], ':4'],
  [['run', '--dry-run='], ':0'],
  [['-n', 'kube-'], 'kube-node-lease kube-public kube-system :4'],
  [['--context', ''], 'x :4'],
  [['get', 'pods', '--context='], 'x :4'],
  [['--cluster', ''], 'c :4'],
  [['--user', ''], 'u :4'],
  [['apply', '-f', ''], 'json yaml yml :8'],
  [['create', '-f', 'x'], 'json yaml yml :8'],
  [['get', 'po'], 'pods podtemplates pods.metrics.k8s.io poddisruptionbudgets.policy :4'],
  [['get', 'pods', ''], 'p :4'],
  [['get', 'pods', 'p', ''], ':4'],
  [['get', 'pods/'], 'pods/p :4'],
  [['get', 'po', 'x'], ':4'],
  [['get', 'pods,lea'], 'pods,leases.coordination.k8s.io :4'],
  [['describe', 'configmaps', '-n', 'kube-public', 'kube'], 'kube-root-ca.crt :4'],
  [['logs', ''], `p ${WITH_PODS} :4`],
  [['logs', '-n', 'none', ''], `${WITH_PODS} :6`],
  [['logs', 'pods/'], 'pods/p :4'],
  [['logs', 'p', ''], 'i c d :4'],
  [['logs', 'p', '-c', ''], ':0'],
  [['exec', ''], `p ${WITH_PODS} :4`],
  [['exec', 'p', '-c', ''], 'i c d :4'],
  [['attach', 'p', '-c', ''], ':0'],
  [['port-forward', 'p', ''], ':4'],
  [['cp', ''], 'default/ kube-node-lease/ kube-public/ kube-system/ p: ./ / :2'],
  [['cp', 'p'], 'p: pid pod.yaml :2'],
  [['cp', 'p:'], ':2'],
  [['cp', 'default/'], 'default/p: :2'],
  [['drain', ''], 'NODE :4'],
  [['drain', 'NODE', ''], ':4'],
  [['top', 'pod', ''], 'p :4'],
  [['top', 'node', ''], 'NODE :4'],
  [['taint', ''], 'node :4'],
  [['taint', 'node', ''], 'NODE :4'],
  [['taint', 'n1', ''], ':4'],
  [['expose', ''], 'pod service replicationcontroller deployment replicaset :4'],
  [['scale', ''], '--replicas deployment replicaset replicationcontroller statefulset :4'],
  [['scale', '--replicas', ''], ':0'],
  [['scale', '--replicas=2', ''], 'deployment replicaset replicationcontroller statefulset :4'],
  [['autoscale', ''], '--max deployment replicaset replicationcontroller statefulset :4'],
  [['create', 'deployment', ''], '--image :0'],
  [['run', ''], '--image :0'],
  [['rollout', 'history', ''], 'deployment daemonset statefulset :4'],
  [['rollout', 'pause', ''], 'deployment :4'],
  [['rollout', ''], 'history pause restart resume status undo :4'],
  [['set', 'image', ''], 'daemonsets deployments pods cronjobs replicasets replicationcontrollers statefulsets :4'],
  [['set', 'env', ''], ':0'],
  [['config', 's'], 'set set-cluster set-context set-credentials :4'],
  [['config', 'use-context', ''], 'x :4'],
  [['config', 'rename-context', 'x', ''], ':4'],
  [['config', 'delete-cluster', ''], 'c :4'],
  [['config', 'delete-user', ''], 'u :4'],
  [['config', 'get-contexts', ''], ':0'],
  [['create', 'secret', ''], 'docker-registry generic tls :4'],
  [['create', 'token', ''], 'default :4'],
  [['plugin', ''], 'list :4'],
  [['apply', ''], 'edit-last-applied set-last-applied view-last-applied :4'],
  [['apply', 'view-last-applied', 'pods', ''], 'p :4'],
  [['auth', ''], 'can-i reconcile whoami :4'],
  [['auth', 'can-i', ''], ':0'],
  [['certificate', 'approve', ''], ':0'],
  [['cluster-info', ''], 'dump :4'],
  [['api-res'], 'api-resources :4'],
  [['explain', ''], ':0'],
  [['kustomize', ''], ':0'],
  [['version', ''], ':0'],
  [['wait', ''], ':0'],
  [['wait', 'pods', ''], ':0'],
  [['describe', '-l', ''], ':0'],
  [['alpha', ''], ':0'],
  [['help', 'ann'], 'annotate :4'],
];

describe('what may come next', () => {
  let shell: Terminal;
  let node: string;
  beforeAll(async () => {
    shell = terminal({ files: { 'pod.yaml': PODS, pid: '', '.podsim/config': CONFIG } });
    await shell.run('kubectl apply -f pod.yaml');
    await shell.run('kubectl wait --for=condition=Ready pod/p --timeout=60s');
    node = (await shell.run('kubectl get nodes -o jsonpath={.items[*].metadata.name}')).out;
  });
  afterAll(() => shell.close());
  test.each(cases)('%j', async (words, expected) => {
    const { out } = await shell.run(['kubectl', '__completeNoDesc', ...words.map((word) => word.replace('NODE', node))]);
    expect(out.trim().split('\n').join(' ')).toBe(expected.replaceAll('NODE', node));
  });

  test('flags of all commands, then its own', async () => {
    const { out } = await shell.run(['kubectl', '__completeNoDesc', 'get', '-']);
    expect(out.trim().split('\n').join(' ')).toBe(
      '--as --as-group --as-uid --cache-dir --certificate-authority --client-certificate --client-key --cluster --context --disable-compression --insecure-skip-tls-verify --kubeconfig --log-flush-frequency --match-server-version --namespace -n --password --profile --profile-output --request-timeout --server -s --tls-server-name --token --user --username --v -v --vmodule --warnings-as-errors --all-namespaces -A --allow-missing-template-keys --chunk-size --field-selector --filename -f --help -h --ignore-not-found --kustomize -k --label-columns -L --no-headers --output -o --output-watch-events --raw --recursive -R --selector -l --server-print --show-kind --show-labels --show-managed-fields --sort-by --subresource --template --watch -w --watch-only :4',
    );
  });
  test('meanings behind a tab, and what it ended with', async () => {
    const { out, err } = await shell.run(['kubectl', '__complete', 'top', 'p']);
    expect(out).toMatch(/^pod\t\S.*\n:4\n$/);
    expect(err).toBe('Completion ended with directive: ShellCompDirectiveNoFileComp\n');
    expect((await shell.run(['kubectl', '__complete', 'logs', '-n', 'none', ''])).err).toBe(
      'Completion ended with directive: ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp\n',
    );
  });
  test('no word at all', async () => {
    const { code, err } = await shell.run('kubectl __complete');
    expect({ code, err }).toEqual({ code: 1, err: 'error: requires at least 1 arg(s), only received 0\n' });
  });
});

describe('the bash script', () => {
  /** What it offers when the program answers so. */
  function offered(line: string, answer: string): readonly string[] {
    const shell = terminal({ files: { 'a.yaml': '', 'b.txt': '', 'answer.txt': answer } });
    writeFileSync(join(shell.cwd, 'script'), scripts.get('bash') as string);
    const pieces = line.split(/(?<=[:=])|(?=[:=])|\s+/).filter((piece) => piece !== '');
    if (/\s$/.test(line)) pieces.push('');
    const quoted = pieces.map((piece) => `'${piece}'`).join(' ');
    const code = `shopt -s expand_aliases; alias k=kubectl; source ./script; kubectl() { cat answer.txt; }; COMP_LINE='${line}'; COMP_POINT=${line.length}; COMP_WORDS=(${quoted}); COMP_CWORD=${pieces.length - 1}; __start_kubectl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['-c', code], { cwd: shell.cwd, encoding: 'utf8' });
    shell.close();
    return out.split('\n').filter((one) => one !== '');
  }
  test('words', () => expect(offered('kubectl get po', 'pods\npodtemplates\n:4\n')).toEqual(['pods', 'podtemplates']));
  test('a new word', () => expect(offered('kubectl get pods ', 'web\n:4\n')).toEqual(['web']));
  test('behind a colon', () => expect(offered('kubectl cp web:/e', 'web:/etc\n:2\n')).toEqual(['/etc']));
  test('behind an equals sign', () => expect(offered('kubectl get -o=j', 'json\n:4\n')).toEqual(['json']));
  test('right behind one', () => expect(offered('kubectl get --output=', 'json\nyaml\n:4\n')).toEqual(['json', 'yaml']));
  test('files by their endings', () => expect(offered('kubectl apply -f ', 'json\nyaml\nyml\n:8\n')).toEqual(['a.yaml']));
  test('for an alias', () => expect(offered('k get po', 'pods\n:4\n')).toEqual(['pods']));
  test('nothing', () => expect(offered('kubectl get pods x ', ':4\n')).toEqual([]));
  test.each([...scripts.keys()])('%s is printed', async (name) => {
    const shell = terminal();
    expect((await shell.run(`kubectl completion ${name}`)).out).toBe(scripts.get(name));
    shell.close();
  });
});
