const known = reads.statuses.filter(s => s.enabled).map(s => s.id);
return ['pending', 'completed', 'no_show']
  .filter(m => settings.statuses[m] != null && !known.includes(String(settings.statuses[m])))
  .map(m => ({ setting: `statuses.${m}`, message: `BambooHR has no status '${settings.statuses[m]}' that can be chosen.`, value: String(settings.statuses[m]), known }));
