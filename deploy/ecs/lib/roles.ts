import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as iam from 'aws-cdk-lib/aws-iam';

/** What `Edna.Silo permissions --json` prints: by role, what is done to what. */
type Permissions = Record<string, { action: string; on: string }[]>;

/** ARNs of what EDNA names in its permissions; none for what this deployment does not have. */
export type Resources = Record<string, string[]>;

const file = join(__dirname, '..', '..', 'permissions.json');

/** Statements for a role, one for each thing: exactly the actions that the code takes. */
export function statementsFor(role: string, resources: Resources): iam.PolicyStatement[] {
  const wanted = (JSON.parse(readFileSync(file, 'utf8')) as Permissions)[role];
  if (wanted === undefined) throw new Error(`${file} has no role '${role}'.`);
  const things = [...new Set(wanted.map(one => one.on))];
  return things.flatMap(on => {
    const arns = resources[on];
    if (arns === undefined) throw new Error(`'${on}', to which '${role}' does something, is not in this stack.`);
    return arns.length === 0 ? [] : [new iam.PolicyStatement({ actions: wanted.filter(one => one.on === on).map(one => one.action), resources: arns })];
  });
}
