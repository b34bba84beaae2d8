/** kubectl config set-credentials (pkg/cmd/config/set_credentials.go). */
import { type Command, type Factory, type FlagValues, UsageError } from '../../command.js';
import { put, saveKubeconfig, storedPath } from '../../config-file.js';

interface Options {
  readonly name: string;
  readonly flags: FlagValues;
}

const command: Command<Options> = {
  use: 'set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  short: 'Set a user entry of the kubeconfig',
  long: `Set a user entry of the kubeconfig.

A user is known by a client certificate, a bearer token, or a name and password; not by a token and a password at once.`,
  examples: `# Only the client key of cluster-admin
kubectl config set-credentials cluster-admin --client-key=~/.kube/admin.key

# A bearer token
kubectl config set-credentials cluster-admin --token=abc`,
  flags: [
    { name: 'auth-provider', type: 'string', usage: 'Auth provider of the user' },
    { name: 'auth-provider-arg', type: 'stringSlice', usage: "'key=value' for the auth provider" },
    { name: 'client-certificate', type: 'string', usage: 'File with the client certificate of the user' },
    { name: 'client-key', type: 'string', usage: 'File with the client key of the user' },
    { name: 'embed-certs', type: 'tristate', default: 'false', bare: 'true', usage: 'Put the contents of certificate and key into the kubeconfig' },
    { name: 'exec-api-version', type: 'string', usage: 'API version of the exec credential plugin of the user' },
    { name: 'exec-arg', type: 'stringSlice', usage: 'Arguments of the exec credential plugin' },
    { name: 'exec-command', type: 'string', usage: 'Program of the exec credential plugin of the user' },
    { name: 'exec-env', type: 'stringArray', usage: "'key=value' environment of the exec credential plugin" },
    { name: 'exec-interactive-mode', type: 'string', usage: 'Whether the exec credential plugin may use the terminal. One of Never, IfAvailable, Always' },
    { name: 'exec-provide-cluster-info', type: 'tristate', default: 'false', bare: 'true', usage: 'Tell the exec credential plugin about the cluster' },
    { name: 'password', type: 'string', usage: 'Password of the user' },
    { name: 'token', type: 'string', usage: 'Bearer token of the user' },
    { name: 'username', type: 'string', usage: 'Name of the user' },
  ],
  async complete(args, flags) {
    if (args.length !== 1) throw new UsageError(`unexpected args: [${args.join(' ')}]`, 'page');
    for (const flag of ['auth-provider-arg', 'exec-env']) {
      const invalid = flags.strings(flag).find((pair) => !pair.includes('=') && !pair.endsWith('-'));
      if (invalid !== undefined) throw new UsageError(`invalid ${flag} format: ${invalid}`, 'page');
    }
    return { name: args[0] as string, flags };
  },
  validate({ name, flags }) {
    if (name === '') throw new UsageError('you must specify a non-empty user name');
    const methods = [
      ...(flags.string('token') !== '' ? ['--token'] : []),
      ...(flags.string('username') !== '' || flags.string('password') !== '' ? ['--username/--password'] : []),
    ];
    if (methods.length > 1) throw new UsageError(`you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`);
    if (flags.bool('embed-certs') && flags.string('client-certificate') === '' && flags.string('client-key') === '') {
      throw new UsageError('you must specify a --client-certificate or --client-key to embed');
    }
    if (!['', 'IfAvailable', 'Never', 'Always'].includes(flags.string('exec-interactive-mode')))
      throw new UsageError('invalid interactive mode type, can be only IfAvailable, Never, Always');
  },
  async run({ name, flags }, factory) {
    const { config } = await factory.kubeconfig();
    const user = await changed({ ...config.users.find((one) => one.name === name)?.user }, flags, factory);
    await saveKubeconfig(factory, { ...config, users: put(config.users, { name, user }) });
    factory.streams.out(`User "${name}" set.\n`);
  },
};
export default command;

async function changed(user: Record<string, unknown>, flags: FlagValues, factory: Factory): Promise<Record<string, unknown>> {
  for (const key of ['client-certificate', 'client-key']) {
    if (!flags.changed(key)) continue;
    const path = flags.string(key);
    if (flags.bool('embed-certs') && path !== '' && (await factory.files.kind(path)) === undefined)
      throw new UsageError(`could not stat ${key} file ${path}: stat ${path}: no such file or directory`);
    delete user[key];
    delete user[`${key}-data`];
    if (flags.bool('embed-certs')) user[`${key}-data`] = Buffer.from(await factory.files.readBytes(path)).toString('base64');
    else user[key] = await storedPath(factory, path);
  }
  const others: Readonly<Record<string, readonly string[]>> = { token: ['username', 'password'], username: ['token'], password: ['token'] };
  for (const [key, instead] of Object.entries(others)) {
    if (!flags.changed(key)) continue;
    user[key] = flags.string(key);
    if (flags.string(key) !== '') for (const other of instead) delete user[other];
  }
  if (flags.string('auth-provider') !== '') user['auth-provider'] = { config: pairs(flags.strings('auth-provider-arg')), name: flags.string('auth-provider') };
  if (flags.string('exec-command') !== '') {
    const env = pairs(flags.strings('exec-env'));
    user['exec'] = {
      ...(flags.string('exec-api-version') === '' ? {} : { apiVersion: flags.string('exec-api-version') }),
      args: flags.changed('exec-arg') ? flags.strings('exec-arg') : null,
      command: flags.string('exec-command'),
      env: Object.keys(env).length === 0 ? null : Object.entries(env).map(([key, value]) => ({ name: key, value })),
      ...(flags.string('exec-interactive-mode') === '' ? {} : { interactiveMode: flags.string('exec-interactive-mode') }),
      provideClusterInfo: flags.bool('exec-provide-cluster-info'),
    };
  }
  return user;
}

const pairs = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(list.filter((pair) => pair.includes('=')).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
