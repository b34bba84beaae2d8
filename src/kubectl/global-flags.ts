/** The flags every command takes (k8s.io/cli-runtime genericclioptions config_flags.go, component-base logs). */
import type { Flag } from './command.js';

export function globalFlags(cacheDirectory: string): readonly Flag[] {
  return [
    { name: 'as', type: 'string', usage: 'Act as this user: a person, or a service account of a namespace.' },
    { name: 'as-group', type: 'stringArray', usage: 'Act as a member of this group; may be given several times.' },
    { name: 'as-uid', type: 'string', usage: 'Act with this UID.' },
    { name: 'cache-dir', type: 'string', default: cacheDirectory, usage: 'Directory for cached answers' },
    { name: 'certificate-authority', type: 'string', usage: 'File with the certificate authority to trust' },
    { name: 'client-certificate', type: 'string', usage: 'File with the client certificate for TLS' },
    { name: 'client-key', type: 'string', usage: 'File with the client key for TLS' },
    { name: 'cluster', type: 'string', usage: 'Cluster of the kubeconfig to talk to' },
    { name: 'context', type: 'string', usage: 'Context of the kubeconfig to use' },
    { name: 'disable-compression', type: 'bool', usage: 'Ask the server not to compress its answers' },
    { name: 'insecure-skip-tls-verify', type: 'bool', usage: "Do not check the server's certificate; the connection is then not secure" },
    { name: 'kubeconfig', type: 'string', usage: 'The kubeconfig file to use.' },
    { name: 'log-flush-frequency', type: 'duration', default: '5s', usage: 'Longest time between two flushes of the log' },
    { name: 'match-server-version', type: 'bool', usage: 'Insist on a server of the same version as the client' },
    { name: 'namespace', short: 'n', type: 'string', usage: 'The namespace this command is about' },
    { name: 'password', type: 'string', usage: 'Password for basic authentication' },
    { name: 'profile', type: 'string', default: 'none', usage: 'Profile to record. One of (none|cpu|heap|goroutine|threadcreate|block|mutex)' },
    { name: 'profile-output', type: 'string', default: 'profile.pprof', usage: 'File for the recorded profile' },
    {
      name: 'request-timeout',
      type: 'string',
      default: '0',
      usage: 'How long one request to the server may take, with a unit (1s, 2m, 3h). Zero: as long as it likes.',
    },
    { name: 'server', short: 's', type: 'string', usage: 'Address and port of the API server' },
    { name: 'tls-server-name', type: 'string', usage: "Name to expect in the server's certificate, when it is not the host's" },
    { name: 'token', type: 'string', usage: 'Bearer token to present to the API server' },
    { name: 'user', type: 'string', usage: 'User of the kubeconfig to be' },
    { name: 'username', type: 'string', usage: 'Name for basic authentication' },
    { name: 'v', short: 'v', type: 'int', default: '0', usage: 'how much the log says' },
    { name: 'vmodule', type: 'tristate', default: '', usage: 'log levels by source file, as pattern=N,…' },
    { name: 'warnings-as-errors', type: 'bool', usage: "Treat the server's warnings as errors and end with a non-zero exit code" },
    { name: 'state', type: 'string', usage: 'The state file of the simulated cluster to use', hidden: true },
  ];
}
