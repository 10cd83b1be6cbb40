// Prompts have the names that the report's author gave them.
const { owner, name, from, through, format } = settings.report;
const end = poll.until ?? poll.now;
const prompts = [from === null ? null : `${from}=${poll.since}`, through === null ? null : `${through}=${end}`, format === 'json' ? 'format=json' : null];

return `/ccx/service/customreport2/${settings.tenant}/${owner ?? settings.user}/${name}?${prompts.filter(p => p).join('&')}`;
