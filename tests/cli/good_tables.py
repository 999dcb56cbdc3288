"""A folder of tables that join without a mistake."""

from __future__ import annotations

from typing import Final

TABLES: Final = {
    "order.csv": """\
id,account,action,security,type,quantity,price,trade_date
1,A1,short_sell,600000,limit,500,12.47,2020-07-01
2,A1,short_sell,600000,limit,450,"12.46",2020-07-01
3,A2,short_sell,600036,limit,100,40.00,2020-07-01
""",
    "account.csv": """\
id,client,cash
A1,C1,5000.00
A2,C2,0.00
""",
    "client.csv": """\
id,insider_of
C1,{}
C2,600000; 600036
""",
    "market.csv": """\
security,last_price,previous_close
600000,12.47,12.40
600036,none,40.00
""",
    "securities.csv": """\
id,exchange,class,price
600000,SSE,stock,12.47
600036,SSE,stock,40.00
510300,SSE,etf,4.00
""",
    "position.csv": """\
account,list,security,quantity
A2,collateral,600036,10
A2,collateral,510300,1000
""",
    "financing_contract.csv": """\
account,id,security
A2,F1,600000
""",
    "rollover.csv": """\
financing_contract,id,rolled_on
F1,R1,2020-06-01
F1,R2,2020-06-20
""",
    "claims.csv": """\
order,claim,by,at
2,bona_fide_market_making,desk 7,2020-07-01T09:00:00+08:00
""",
}
