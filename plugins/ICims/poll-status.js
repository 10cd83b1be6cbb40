// One search for each status, so that no workflow has to be read to know its status: a page is '<which status>:<the last id>'.
const [which, last] = (poll.next ?? '0:0').split(':');
const minute = iso => `${iso.slice(0, 10)} ${String(Number(iso.slice(11, 13)) % 12 || 12).padStart(2, '0')}:${iso.slice(14, 16)} ${Number(iso.slice(11, 13)) < 12 ? 'AM' : 'PM'}`;
const filters = [
  { name: 'applicantworkflow.status', value: [settings.pollStatuses.split(',')[Number(which)]], operator: '=' },
  { name: 'applicantworkflow.updateddate', value: [minute(poll.since)], secondaryValue: [minute(poll.now)], operator: '=' }
];
if (last !== '0') filters.push({ name: settings.idFilter, value: [last], operator: '>' });
return { filters, operator: '&' };
