const table = lookups.text;
return table.eu + ': ' + event.ticket.title;
