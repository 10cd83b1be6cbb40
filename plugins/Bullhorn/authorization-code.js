const location = login.code.headers.location ?? '';
const code = /[?&]code=([^&#]+)/.exec(location);
return code === null ? null : decodeURIComponent(code[1]);
