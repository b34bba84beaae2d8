/** kubectl api-versions (pkg/cmd/apiresources/apiversions.go). */
import { groupVersionOf } from '../../client/rest-mapper.js';
import { type Command, UsageError } from '../command.js';

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
    const versions = new Set((await factory.mapper()).mappings.map(groupVersionOf));
    factory.streams.out(
      [...versions]
        .sort()
        .map((version) => `${version}\n`)
        .join(''),
    );
  },
};
export default command;
