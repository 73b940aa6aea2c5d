import { Node } from 'constructs';

/** What decides which things there are: `cdk deploy -c search=https://…`. What is only a value is a parameter: parameters.ts. */
export interface Settings {
  /** The tag of the image to run. */
  readonly tag: string;
  /** Who looks at tokens first: the API (`api`), which lets JWTs in and nothing else, or EDNA alone (`edna`), which also takes its own API keys. */
  readonly authoriser: 'api' | 'edna';
  /** The two zones, by name; none: the first two of the region. */
  readonly zones: string[];
  /** How tasks reach what is outside: one NAT gateway (`nat`), one in each zone (`nats`), or AWS alone by interface endpoints (`endpoints`). */
  readonly egress: 'nat' | 'nats' | 'endpoints';
  /** `domain`: an OpenSearch domain is made; an address: that server is used. */
  readonly search: string;
  /** The name of the secret that holds the API key of that server; without one EDNA shows none. */
  readonly searchKey?: string;
  /** The kind of node of the domain; two are made. */
  readonly searchNode: string;
  /** Buckets that are there already, which datasets may be bound to. */
  readonly buckets: string[];
  /** The most tasks of each service. */
  readonly mostTasks: number;
  /** `owner/name` at GitHub, whose workflows may release; none without. */
  readonly github?: string;
  /** Whether the account knows GitHub already: it can only once. */
  readonly githubKnown: boolean;
}

/** Reads settings from the context, and says of each that is wrong what it may be. */
export function readSettings(node: Node): Settings {
  const text = (key: string, byDefault: string): string => String(node.tryGetContext(key) ?? byDefault);
  const matching = (key: string, byDefault: string, pattern: RegExp, must: string): string => {
    const value = text(key, byDefault);
    if (!pattern.test(value)) throw new Error(`-c ${key} must be ${must}, not '${value}'.`);
    return value;
  };
  const listOf = (names: string): string[] => names.split(',').filter(name => name !== '');
  const settings: Settings = {
    tag: matching('tag', 'latest', /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/, 'a tag of an image'),
    authoriser: matching('authoriser', 'api', /^(api|edna)$/, 'api or edna') as Settings['authoriser'],
    zones: listOf(matching('zones', '', /^([a-z]{2}(-[a-z]+)+-[0-9][a-z],[a-z]{2}(-[a-z]+)+-[0-9][a-z])?$/, 'two zones such as us-east-1a,us-east-1b')),
    egress: matching('egress', 'nat', /^(nat|nats|endpoints)$/, 'nat, nats or endpoints') as Settings['egress'],
    search: matching('search', 'domain', /^(domain|https:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?\/?)$/, 'domain or an address such as https://search.example.com'),
    searchKey: matching('searchKey', '', /^[A-Za-z0-9/_+=.@-]{0,512}$/, 'the name of a secret') || undefined,
    searchNode: matching('searchNode', 'r7g.large', /^[a-z0-9]+\.[a-z0-9]+$/, 'a kind of node such as r7g.large'),
    buckets: listOf(matching('buckets', '', /^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9](,|$))*$/, 'names of buckets with commas between them')),
    mostTasks: Number(matching('mostTasks', '8', /^([2-9]|[1-9][0-9]|100)$/, '2 to 100')),
    github: matching('github', '', /^([\w.-]+\/[\w.-]+)?$/, 'owner/name') || undefined,
    githubKnown: matching('githubKnown', 'false', /^(true|false)$/, 'true or false') === 'true',
  };
  if (settings.egress === 'endpoints' && settings.authoriser === 'api') throw new Error('-c egress=endpoints needs -c authoriser=edna: without a way out EDNA cannot read the keys of Auth0, and takes API keys only.');
  if (settings.searchKey !== undefined && settings.search === 'domain') throw new Error('-c searchKey is for a server of your own: set -c search to its address.');
  return settings;
}
