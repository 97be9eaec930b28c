// Checks each package of a lock file: its hash, its registry, and that no platform's package is left out.

export interface LockEntry {
  /** The package's own name, where the folder's name is an alias. */
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** By the folder that a package is installed in. */
type Packages = Readonly<Record<string, LockEntry>>;

export interface LockFile {
  readonly packages: Packages;
}

const MODULES = 'node_modules/';
const REGISTRY = 'https://registry.npmjs.org/';

/**
 * Each package that an install fetches: no workspace, no link to one, and none that comes inside of another package.
 */
const fetched = ({ packages }: LockFile): readonly (readonly [string, LockEntry])[] =>
  Object.entries(packages).filter(([path, { link, inBundle }]) => path.includes(MODULES) && !link && !inBundle);

/** The package as the registry knows it, `name@version`. */
export const specOf = (path: string, { name, version }: LockEntry): string =>
  `${name ?? path.slice(path.lastIndexOf(MODULES) + MODULES.length)}@${version}`;

/** The packages that an install takes without checking them against a hash. */
export const withoutIntegrity = (lock: LockFile): readonly (readonly [string, LockEntry])[] =>
  fetched(lock).filter(([, { integrity }]) => integrity === undefined);

/** The packages that an install fetches from elsewhere than the public registry. */
export const fromElsewhere = (lock: LockFile): readonly (readonly [string, LockEntry])[] =>
  fetched(lock).filter(([, { resolved = REGISTRY }]) => !resolved.startsWith(REGISTRY));

/** Whether code in this folder finds the package: there, or in a folder above. */
function isListed(packages: Packages, folder: string, name: string): boolean {
  if (`${folder === '' ? '' : `${folder}/`}${MODULES}${name}` in packages) return true;
  return folder !== '' && isListed(packages, folder.slice(0, Math.max(0, folder.lastIndexOf(`/${MODULES}`))), name);
}

/**
 * The optional dependencies that have no entry, `name@version`. A lock file that npm writes where a platform's packages
 * can't be had leaves them out, and `npm ci` then refuses it on every platform.
 */
export const leftOut = ({ packages }: LockFile): readonly string[] =>
  Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isListed(packages, path, name))
      .map(([name, version]) => `${name}@${version}`),
  );

/** The lock file with these hashes, by path. */
export const withIntegrities = (lock: LockFile, hashes: ReadonlyMap<string, string>): LockFile => ({
  ...lock,
  packages: Object.fromEntries(
    Object.entries(lock.packages).map(([path, entry]) => [path, withIntegrity(entry, hashes.get(path))]),
  ),
});

/** The fields that npm writes before the hash. */
const BEFORE = ['name', 'version', 'resolved'];

function withIntegrity(entry: LockEntry, integrity: string | undefined): LockEntry {
  if (integrity === undefined) return entry;
  const fields = Object.entries(entry);
  return Object.fromEntries([
    ...fields.filter(([name]) => BEFORE.includes(name)),
    ['integrity', integrity],
    ...fields.filter(([name]) => !BEFORE.includes(name)),
  ]);
}
