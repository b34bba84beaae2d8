/** The command lines of the table that are known to differ, each with its reason. Five at most. */
export const known: Readonly<Record<string, string>> = {};
