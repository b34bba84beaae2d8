/** kubectl api-versions (pkg/cmd/apiresources/apiversions.go). */
import { groupVersionOf, type RestMapping } from '../../client/rest-mapper.js';
import { type Command, type Factory, UsageError } from '../command.js';
import { failureText } from '../undiscovered.js';

const command: Command<undefined> = {
  use: 'api-versions',
  short: 'Print the API versions of the server as "group/version"',
  long: 'Print the API versions of the server as "group/version".',
  examples: '# All of them\nkubectl api-versions',
  flags: [],
  async complete(args) {
    if (args.length !== 0) throw new UsageError(`unexpected arguments: [${args.join(' ')}]`, 'help');
    return undefined;
  },
  async run(_, factory) {
    const versions = new Set((await versionsOf(factory)).map(groupVersionOf));
    factory.streams.out(
      [...versions]
        .sort()
        .map((version) => `${version}\n`)
        .join(''),
    );
  },
};
export default command;

async function versionsOf(factory: Factory): Promise<readonly RestMapping[]> {
  try {
    return (await factory.mapper()).mappings;
  } catch (error) {
    const text = await failureText(factory, error, '/api');
    throw text === undefined ? error : new UsageError(`couldn't get available api versions from server: ${text}`);
  }
}
