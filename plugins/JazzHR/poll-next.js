// Nothing says that a page is the last one, except that it holds fewer than 100 rows; one row comes without a list.
const [which, page] = (poll.next ?? '0.1').split('.').map(Number);
if (Array.isArray(response.body) && response.body.length >= 100) return `${which}.${page + 1}`;
return settings.jobs != null && which + 1 < settings.jobs.split(',').length ? `${which + 1}.1` : null;
