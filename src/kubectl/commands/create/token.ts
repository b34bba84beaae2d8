/** kubectl create token (pkg/cmd/create/create_token.go). */

import { StatusError } from '../../../api/errors.js';
import type { KubeObject } from '../../../api/object.js';
import { InvalidSegment } from '../../../client/rest-client.js';
import { type Command, type FlagValues, UsageError } from '../../command.js';
import { messageOf } from '../../errors.js';
import { nameAndRest } from '../../generator.js';
import { objectPrinter, outputOf } from '../../printing.js';
import * as shared from '../../shared-flags.js';

interface Options {
  readonly name: string;
  readonly flags: FlagValues;
}

const BOUND_KINDS: Readonly<Record<string, string>> = { Pod: 'v1', Secret: 'v1', Node: 'v1' };

const command: Command<Options> = {
  use: 'token SERVICE_ACCOUNT_NAME',
  short: 'Ask for a token of a service account',
  long: 'Ask for a token with which to be a service account.',
  examples: `# Of the service account myapp of the namespace
kubectl create token myapp

# For ten minutes
kubectl create token myapp --duration 10m

# For someone else to check
kubectl create token myapp --audience https://example.com

# That ends with a pod
kubectl create token myapp --bound-object-kind Pod --bound-object-name mypod`,
  flags: [
    ...shared.PRINT,
    { name: 'audience', type: 'stringArray', usage: 'Who is to accept the token; may be repeated. None: the API server.' },
    { name: 'bound-object-kind', type: 'string', usage: 'The kind of object the token ends with. One of: Node, Pod, Secret.' },
    { name: 'bound-object-name', type: 'string', usage: 'The name of the object the token ends with.' },
    { name: 'bound-object-uid', type: 'string', usage: 'The UID of that object. None: whichever has the name.' },
    {
      name: 'duration',
      type: 'duration',
      default: '0s',
      usage: 'How long the token is good; zero: as long as the server thinks. The server may make it another time.',
    },
  ],
  async complete(args, flags) {
    return { name: nameAndRest(args, -1, false).name, flags };
  },
  validate({ flags }) {
    const [kind, name, uid] = ['bound-object-kind', 'bound-object-name', 'bound-object-uid'].map((flag) => flags.string(flag));
    const span = flags.duration('duration');
    if (span < 0) throw new UsageError('--duration must be greater than or equal to 0');
    if (span % 1000 !== 0) throw new UsageError('--duration cannot be expressed in units less than seconds');
    if (flags.strings('audience').some((one) => one === '')) throw new UsageError('--audience must not be an empty string');
    if (kind === '') {
      if (name !== '') throw new UsageError('--bound-object-name can only be set if --bound-object-kind is provided');
      if (uid !== '') throw new UsageError('--bound-object-uid can only be set if --bound-object-kind is provided');
      return;
    }
    if (BOUND_KINDS[kind as string] === undefined)
      throw new UsageError(`supported --bound-object-kind values are ${Object.keys(BOUND_KINDS).sort().join(', ')}`);
    if (name === '') throw new UsageError('--bound-object-name is required if --bound-object-kind is provided');
  },
  async run({ name, flags }, factory) {
    const kind = flags.string('bound-object-kind');
    const uid = flags.string('bound-object-uid');
    const span = flags.duration('duration');
    const body = {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: null },
      spec: {
        audiences: flags.strings('audience'),
        ...(span === 0 ? {} : { expirationSeconds: span / 1000 }),
        ...(kind === ''
          ? {}
          : { boundObjectRef: { kind, apiVersion: BOUND_KINDS[kind], name: flags.string('bound-object-name'), ...(uid === '' ? {} : { uid }) } }),
      },
    } as unknown as KubeObject;
    const target = {
      resource: { group: '', version: 'v1', resource: 'serviceaccounts', namespaced: true },
      namespace: factory.namespace,
      name,
      subresource: 'token',
    };
    let answer: KubeObject & { readonly status?: { readonly token?: string } };
    try {
      answer = await factory.client.create(target, body);
    } catch (error) {
      throw error instanceof StatusError || error instanceof InvalidSegment ? new UsageError(`failed to create token: ${messageOf(error)}`) : error;
    }
    if ((answer.status?.token ?? '') === '') throw new UsageError('failed to create token: no token in server response');
    // Who reads it from a pipe or a file gets the token and no more.
    if (outputOf(flags) === '') factory.streams.out(`${answer.status?.token}${factory.streams.outIsTTY ? '\n' : ''}`);
    else (await objectPrinter(factory, flags, 'created'))(answer);
  },
};
export default command;
