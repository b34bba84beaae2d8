/** kubectl version (pkg/cmd/version/version.go). */
import { jsonBody } from '../../client/rest-client.js';
import { emitYaml } from '../../text/yaml-emitter.js';
import { type Command, UsageError } from '../command.js';
import { unread } from '../undiscovered.js';
import { CLIENT_VERSION, KUSTOMIZE_VERSION } from '../version.js';

interface Options {
  readonly clientOnly: boolean;
  readonly output: string;
}

const command: Command<Options> = {
  use: 'version [flags]',
  short: 'Print the versions of client and server',
  long: 'Print the versions of client and server.',
  examples: '# Both\nkubectl version',
  flags: [
    { name: 'client', type: 'bool', usage: 'Only the client; the server is not asked.' },
    { name: 'output', short: 'o', type: 'string', usage: "One of 'yaml' or 'json'." },
  ],
  async complete(args, flags) {
    const output = flags.string('output');
    if (args.length > 0 && !flags.bool('client')) throw new UsageError(`extra arguments: [${args.join(' ')}]`);
    if (output !== '' && output !== 'yaml' && output !== 'json') throw new UsageError("--output must be 'yaml' or 'json'");
    return { clientOnly: flags.bool('client'), output };
  },
  async run({ clientOnly, output }, factory) {
    let server: Readonly<Record<string, unknown>> | undefined;
    let failure: unknown;
    if (!clientOnly) {
      try {
        server = (await jsonBody(await factory.client.request('GET', '/version'))) as Readonly<Record<string, unknown>>;
      } catch (error) {
        // A kubeconfig that does not hold together is found out before anything is said
        if (error instanceof UsageError) throw error;
        failure = unread(error);
      }
    }
    const all = { clientVersion: CLIENT_VERSION, kustomizeVersion: KUSTOMIZE_VERSION, ...(server === undefined ? {} : { serverVersion: server }) };
    if (output === '') {
      const lines = [
        `Client Version: ${CLIENT_VERSION.gitVersion}`,
        `Kustomize Version: ${KUSTOMIZE_VERSION}`,
        ...(server === undefined ? [] : [`Server Version: ${server['gitVersion']}`]),
      ];
      factory.streams.out(`${lines.join('\n')}\n`);
    } else factory.streams.out(output === 'yaml' ? `${emitYaml(all)}\n` : `${JSON.stringify(all, undefined, 2)}\n`);
    if (failure !== undefined) throw failure;
  },
};
export default command;
