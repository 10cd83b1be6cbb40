const found = response.body.searchResults ?? [];
const which = Number((poll.next ?? '0:0').split(':')[0]);
if (found.length >= 1000) return `${which}:${found[found.length - 1].id}`;
return which + 1 < settings.pollStatuses.split(',').length ? `${which + 1}:0` : null;
