/** Shapes of well-known secrets. Each begins with fixed letters that follow no letter or digit, and is bounded: linear on any text. */
export const tokenShapes: readonly RegExp[] = [
  // https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
  /(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9_]{20,255}/g,
  /(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,255}/g,
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  /(?<![A-Za-z0-9])gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_.-]{16,300}/g,
  // Atlassian: API tokens, access tokens of Bitbucket, its former app passwords, HTTP access tokens of Data Center
  /(?<![A-Za-z0-9])AT(?:ATT|CTT|BB|SAT)[A-Za-z0-9][A-Za-z0-9_=+/.-]{20,400}/g,
  /(?<![A-Za-z0-9])BBDC-[A-Za-z0-9+/=_-]{20,120}/g,
  // https://docs.slack.dev/authentication/tokens
  /(?<![A-Za-z0-9])xox[a-z](?:\.[a-z]{1,8})?-[A-Za-z0-9-]{10,300}/g,
  /(?<![A-Za-z0-9])xapp-\d-[A-Za-z0-9-]{10,300}/g,
  /(?<![A-Za-z0-9])xwfp-[A-Za-z0-9-]{10,300}/g,
  /https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/_-]{10,200}/g,
  // Model providers, clouds, payment, registries, webhooks
  /(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{16,300}/g,
  /(?<![A-Za-z0-9])(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,200}/g,
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}/g,
  /(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,400}/g,
  /(?<![A-Za-z0-9])GOCSPX-[A-Za-z0-9_-]{20,60}/g,
  /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,80}/g,
  /(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{20,400}/g,
  /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{25,80}/g,
  /(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/=_-]{16,200}/g,
  // JSON Web Tokens
  /(?<![A-Za-z0-9])eyJ[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{0,2000}/g,
  // Private keys, also when their end is cut off
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,]|-(?!----)){0,20000}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
];

/** Secrets known by the words before them: the first group stays, the second goes when it looks like a secret. */
export const namedSecrets: readonly RegExp[] = [
  /((?:proxy-)?authorization["']?\s{0,5}[:=]\s{0,5}["']?(?:(?:bearer|basic|token|apikey)\s{1,5})?)([^\s"',;<>]{6,4000})/gi,
  /(?<![A-Za-z0-9])((?:bearer|basic)\s{1,5})([A-Za-z0-9_.~+/=-]{16,4000})/gi,
  /((?:x-(?:api-key|session-api-key|gitlab-token|auth-token|access-token)|private-token|job-token)["']?\s{0,5}[:=]\s{0,5}["']?)([^\s"',;<>]{6,4000})/gi,
  /(aws_?(?:secret_?access_?key|session_?token)["']?\s{0,5}[:=]\s{0,5}["']?)([A-Za-z0-9/+=]{16,2000})/gi,
];

/** `token@` in an address, as clients of git write it. */
export const tokenInAddress = /([a-z][a-z0-9+.-]{1,20}:\/\/)([A-Za-z0-9_.~%+=-]{16,500})(?=@)/gi;

/** `user:password@` in an address: the password goes, whatever it looks like. */
export const passwordInAddress =
  /([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#@:"'<>]{0,200}:)([^\s/?#@"'<>]{1,500})(?=@)/gi;
