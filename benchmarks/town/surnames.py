"""Surnames of several origins, commonest first, and rules that compose the long tail; written here, from no data set."""

COMMON = {
    "english": """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
        Roberts Green Hall Wood Jackson Clarke Harris Lewis Turner Hill Cooper Ward Moore Clark Baker Harrison Morris King Lee
        Edwards Allen Martin Morgan Hughes Mitchell Parker Cook Bennett Phillips Shaw Richardson James Watson Bailey Carter Price
        Young Bell Collins Miller Cox Griffiths Marshall Adams Richards Simpson Ellis Anderson Webb Rogers Gray Hunt Foster Palmer
        Mills Chapman Stevens Matthews Gibson Knight Barnes Powell Lloyd Butler Harvey Holmes Rose Fisher Barker Owen Pearson Jenkins
        Reynolds Dixon Fletcher West Day Pearce Brooks Lawrence Atkinson Andrews Walsh Payne Fox Saunders Ford Spencer Stone Lane
        Hawkins Dean Perry Newman Bradley Burton Cole Hart Francis Watts Gardner Bird Burns Wells Nicholls Holland Booth Hudson
        Barrett Sharp Berry Page Cross Hopkins Peters Armstrong Arnold Reed Cunningham Woods Lowe Black Harper Elliott Long Bates
        Gilbert Riley Oliver Sutton Osborne Carr Rowe Nelson Coleman Webster Kaye Grant Chambers Poole Warren Wheeler Lawson Freeman
        Parsons Mason Austin Barton Howard Bishop Goddard Norris Hardy Gregory Yates Higgins Porter Bull Tucker Marsh Fuller
        Willis Dawson Todd French Parry Wilkinson Stephens Hodgson Cooke Haynes Frost Bond Neal Flynn Nash Cartwright""",
    "pakistani": """Khan Ahmed Hussain Ali Begum Mahmood Iqbal Akhtar Shah Malik Mohammed Bibi Hussein Butt Mirza Qureshi Sheikh
        Chaudhry Rehman Aslam Akram Javed Miah Uddin Rahman Islam Chowdhury Siddiqui Raja Rashid Anwar Bhatti Dar Hanif Hayat Jamil
        Karim Latif Mehmood Nawaz Parveen Rafiq Saleem Sharif Tariq Yaqub Yousaf Zaman Zafar Kauser Ashraf Bashir Khatun Hoque Kazi""",
    "punjabi": """Singh Kaur Gill Sandhu Dhillon Sidhu Grewal Bains Dhaliwal Johal Sahota Virk Mann Rai Atwal Hayer Sangha Brar
        Cheema Kang Purewal Randhawa Uppal Basra Chahal Deol Khaira Lally Matharu Panesar Bhogal Sagoo Sohal Toor""",
    "gujarati": """Patel Shah Mistry Desai Parmar Joshi Mehta Sharma Chauhan Solanki Vaghela Thakor Modi Gandhi Trivedi Pandya
        Bhatt Amin Rathod Makwana Gohil Prajapati Panchal Lad Kotecha Popat Raichura Thakrar Vyas Dave Sheth Parekh Kapadia Gupta""",
    "african": """Okafor Adeyemi Mensah Owusu Boateng Osei Okeke Eze Nwosu Obi Okoro Adebayo Asante Appiah Agyeman Amoah Antwi
        Ofori Addo Oduya Balogun Bello Ojo Moyo Ncube Dube Sibanda Ndlovu Mutasa Banda Phiri Kamara Sesay Conteh Bangura Koroma
        Kargbo Turay Mbeki Tshabalala Mukendi Ilunga Kabongo""",
    "caribbean": """Campbell Williams Brown Francis Henry Gordon Clarke Reid Grant Bailey Thomas Morgan Samuels Bennett Stewart
        Douglas Edwards Lewis Powell Graham Barrett Facey Pinnock Bartley Whyte Wint Gayle Blake Plummer Palmer Mcfarlane Daley""",
    "irish": """Murphy Kelly Ryan O'Connor O'Brien Walsh Doyle McCarthy Gallagher Byrne O'Sullivan Kennedy Lynch Murray Quinn
        Moore McLoughlin O'Neill O'Reilly Connolly Daly Wilson Dunne Brennan Burke Collins Clarke Johnston Hughes Farrell Fitzgerald
        Brown Martin Maguire Nolan Flynn Thompson Callaghan O'Donnell Duffy Mahony Boyle Healy Shea White Sweeney Hayes Kavanagh
        Power McGrath Moran Brady Stewart Casey Foley Fitzpatrick McDonagh Ward""",
    "polish": """Nowak Kowalski Wisniewski Wojcik Kowalczyk Kaminski Lewandowski Zielinski Szymanski Wozniak Dabrowski Kozlowski
        Jankowski Mazur Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zajac Pawlowski Michalski Krol Wieczorek Jablonski Wrobel
        Majewski Olszewski Stepien Malinowski Jaworski Adamczyk Dudek Pawlak Gorski Nowicki Sikora Witkowski Walczak Baran""",
    "arabic": """Mohamed Ahmed Ali Hassan Hussein Ibrahim Abdi Omar Yusuf Farah Warsame Jama Osman Said Aden Elmi Al-Hassan
        Al-Rashid Al-Amin El-Sayed Mansour Haddad Khoury Saleh Nasser Aziz Rahmani Karimi Ahmadi Noori Abdullahi Nur Hersi Guled Dirie
        Shire Duale Al-Jabouri Al-Tikriti El-Masri Benali Bouazza Cherif Mansouri Hamdi bin-Salim""",
    "chinese": """Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo Wong Chan Cheung Lam Lau Ng
        Leung Ho Chow Yip Tang Kwok Tse Fung Mak Chiu Yuen Yeung Tam Kwan Tsang Liang Song Zheng Xie Han Deng Cao Peng Zeng Xiao Tian
        Dong Pan Yuan Jiang Cai Yu Du Ye Cheng Wei Su Lu Ding Ren Shen Yao Lo Cheng Chung Poon""",
    "portuguese": """Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Jesus Sousa Fernandes Goncalves Gomes Lopes
        Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha Neves
        Coelho Cruz Cunha Pires Ramos Reis Simoes Antunes Matos""",
}

ENGLISH_STEMS = """Ab Ack Ald Ash Atter Ayl Bad Bal Ban Bar Bass Beck Ben Ber Bex Bick Bil Bir Blag Blax Bol Bos Bow Brad Bram
    Bran Bray Bret Brid Brin Brock Brom Buck Bul Bur But Cad Cal Can Carl Cas Cat Chad Chat Chel Ches Chil Chor Clap Clay Cleve Clif
    Clo Cob Col Con Cop Cor Cot Cran Craw Cren Crom Cros Cul Dal Dan Dar Daw Den Der Dib Din Dod Don Dor Drax Dray Dud Dun Eas Ec Ed
    El Em En Er Es Ever Fal Far Faw Fen Fer Fin Fir Flet Fol For Frad Fram Ful Gar Gat Ged Gil Glas Gol Gos Gran Gray Gren Grim Had
    Hal Ham Han Har Has Hat Haw Hay Hed Hel Hen Her Hes Hex Hib Hin Hob Hol Hop Hor Hos Hous How Hub Hul Hux Ing Ips Ir Ken Kes Kib
    Kil Kim Kin Kir Lang Lap Lat Law Led Leigh Lex Lin Lis Lit Long Lox Lud Lul Lyd Mal Man Mar Mat May Mel Mer Mid Mil Mod Mor Mos
    Mul Nas Net New Nor Nut Oak Ock Od Old Or Os Ot Ox Pad Pag Par Pat Pax Pen Per Pick Pil Pin Pol Por Pres Pud Pur Quar Rad Ram Ran
    Rat Raw Red Rem Rick Rid Rip Rob Roch Rod Rom Ros Rot Row Rud Rus Ry Sal San Sax Scar Sed Sel Sex Shad Shaf Shel Shep Sher Ship
    Sil Sin Skel Slat Snel Som Spar Stan Stap Stav Sted Stoc Stran Strat Sud Sul Sun Swan Sway Swin Tad Tal Tam Tar Tat Tem Ten Thack
    Thax Thor Thrap Thur Til Tin Tod Tol Tor Tot Trow Tun Tur Twy Up Ux Wad Wal Wan War Was Wat Wed Wel Wen Wes Wex Whar Whit Wid Wig
    Wil Win Wis Wit Wol Wood Wor Wrax Wy Yar Yax Yel""".split()
ENGLISH_ENDS = """ton ley ham ford worth field well man son wick by thorpe bury den shaw wood stone croft gate hurst combe dale
    more house bourne land stead ridge cote ington ingham ingley erton erley erson erham sworth sley sby well-s ings ock kin kins
    ett cock nell ridge-s foot head mere beck holt grave lock""".replace("-", "").split()
POLISH_STEMS = """Bog Bor Brzoz Buk Chmiel Ciesiel Czarn Dab Dob Domin Drozd Gaj Glow Godl Gran Grab Jagiel Jar Jas Jawor Kal Kar
    Kas Klim Kon Kop Kor Kos Kras Kruk Kub Kuch Lip Lis Los Mak Mal Mar Mich Mik Mok Mor Mroz Niem Ogr Olch Orl Osin Ost Pak Pias
    Pol Rad Rog Rom Rud Rut Rzep Sad Sien Skow Slow Sob Sok Stan Star Strz Szcz Tom Tur Urb Wal War Was Wil Wolsk Wron Zab Zal Zar
    Zel Zurow""".split()
POLISH_ENDS = "owski inski ewski ecki anski icki czyk ak ek owicz ewicz iak alski".split()
YORUBA_STARTS = "Ade Olu Ola Ayo Oye Ogun Ife Abi Aki Ba Fa Odu Owo Oko Omo Awo Ire Ojo".split()
YORUBA_ENDS = """bayo kunle wale tunde yemi sanya goke bola niyi dele shola leke mide funmi dipo lana gbenga jobi tayo
    wumi rinde bisi ronke toye kanmi sola bajo kemi nuga lade wole""".split()
IGBO_STARTS = "Chi Nwa Oko Eze Ama Udo Obi Nna Ike Uche Onye Ugo Anya Oke Mba".split()
IGBO_ENDS = "buike chukwu debe dike ebuka fule gozie jindu kwe ma mara meka nkwo nonso ra ronu uba zie gwu kezie nze koro".split()
INDIAN_STARTS = """Bhan Chand Dal Dev Gan Gor Har Hir Jag Kal Kan Kar Khim Lal Mad Man Mod Nag Nar Pan Par Pop Raj Ram Ran Rav Sav
    Shan Som Sur Tha Tri Vad Var Vish Vora Bhim Jos Kap Mal Nath Sang Tejp Zav""".split()
INDIAN_ENDS = "ani ala bhai dia iya kar lia nath pal pura raj ria rwala sinh vala wal wani chandani".split()
MUSLIM_STARTS = """Abb As Bash Fay Ghaf Gul Had Haf Hak Ham Jab Jal Kam Kash Lat Maj Mas Mun Nas Naz Qad Qas Raz Sab Sad Saf
    Sat Shah Shak Shams Taj Wah Was Yas Zah Zak""".split()
MUSLIM_ENDS = "aar adi ali an ani ar eem eer i id if il im ir ood oor ud uddin ur zada zai".split()
IRISH_STEMS = """Ada Alee Barr Bride Cabe Cann Carr Clea Cluske Cork Cra Cull Dade Derm Devit Don Elhin Eneany Fadd Gea Gill Gin
    Glynn Gove Grane Guin Hale Hugh Inern Kee Kenn Kier Lar Laugh Mah Man Mull Nama Nult Par Quai Quill Ran Reave Shan Sor Swee Tiern
    Veig Wee Halloran Leary Hagan Grady Keeffe Malley Rourke Dwyer Shaughness Toole Flahert Driscoll Hare Dowd""".split()
IRISH_STARTS = "Mc O' Mac Fitz Kil Gil".split()
IRISH_ENDS = ["", "y", "an", "in", "ey", "ane", "ery", "igan"]
ARABIC_STARTS = ["Al-", "El-", "Abdul-", "Abu-", "", "Ben ", "ibn-"]
ARABIC_STEMS = """Ansari Badri Bakri Dulaimi Faraj Ghazali Hadi Hakim Hamad Harbi Hashimi Jaber Jamil Kaabi Khalil Khatib Kindi
    Latif Maliki Masri Najjar Nouri Obeidi Qadir Qasim Rahim Rawi Rubai Sabah Sadi Sadr Salim Samarrai Shammari Shami Sharif
    Sudani Taha Tamimi Wahab Yamani Yasin Zahawi Zaidi Zubaidi""".split()
CHINESE_STARTS = "Ao Bai Bian Chang Fan Fei Gong Hong Hua Kang Kong Lai Lei Lian Long Mao Meng Mo Ou Qian Qiao Shi Tao".split()
CHINESE_ENDS = ["", "g", "ng"]
PORTUGUESE_STARTS = ["", "da ", "dos ", "de "]
"""The particles of Portuguese names; joined to the common ones."""


def _joined(starts: list[str], ends: list[str]) -> list[str]:
    return [start + end for end in ends for start in starts]


def tail(origin: str) -> list[str]:
    """The rare surnames of an origin, most usual first; the commonest ones may stand among them again."""
    tails = {
        "english": lambda: _joined(ENGLISH_STEMS, ENGLISH_ENDS) + _joined(ENGLISH_STEMS, [e + "s" for e in ENGLISH_ENDS]),
        "caribbean": lambda: _joined(ENGLISH_STEMS, ENGLISH_ENDS[:12]),
        "polish": lambda: _joined(POLISH_STEMS, POLISH_ENDS),
        "african": lambda: _joined(YORUBA_STARTS, YORUBA_ENDS) + _joined(IGBO_STARTS, IGBO_ENDS),
        "gujarati": lambda: _joined(INDIAN_STARTS, INDIAN_ENDS),
        "punjabi": lambda: _joined(INDIAN_STARTS, INDIAN_ENDS[:8]),
        "pakistani": lambda: _joined(MUSLIM_STARTS, MUSLIM_ENDS),
        "irish": lambda: _joined(IRISH_STARTS[:2], [s + e for e in IRISH_ENDS for s in IRISH_STEMS]),
        "arabic": lambda: _joined(ARABIC_STARTS, ARABIC_STEMS),
        "chinese": lambda: _joined(CHINESE_STARTS, CHINESE_ENDS),
        "portuguese": lambda: _joined(PORTUGUESE_STARTS[1:], COMMON["portuguese"].split()),
    }
    return tails[origin]()


def for_women(surname: str) -> str:
    """A Polish surname as a woman bears it."""
    return surname[:-1] + "a" if surname.endswith(("ski", "cki", "dzki")) else surname
