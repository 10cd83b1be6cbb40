const same = (a, b) => (a ?? '').trim().toLowerCase() === b.trim().toLowerCase();
const found = [].concat(reads.user ?? []).length > 0 ? [] : [{ setting: 'userId', message: `JazzHR has no user '${settings.userId}'.`, value: settings.userId }];
for (const use of Object.keys(settings.tags).filter(t => settings.tags[t] != null)) {
  const known = [].concat(reads[use] ?? []).map(c => c.name);
  if (!known.some(n => same(n, settings.tags[use]))) {
    found.push({ setting: `tags.${use}`, message: `JazzHR has no category '${settings.tags[use]}'. Create it in JazzHR, or once with the operation category.add.`, value: settings.tags[use], known });
  }
}
return found;
