// The filter knows whole days of the client's own calendar, which may be one ahead of or behind UTC. Values are not quoted.
const first = new Date(Date.parse(poll.since) - 86400000).toISOString().slice(0, 10);
return `applicationSource/submittedDate eq ${poll.next?.split(':')[0] ?? first}`;
